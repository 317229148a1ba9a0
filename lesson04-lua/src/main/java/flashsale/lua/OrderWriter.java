package flashsale.lua;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import redis.clients.jedis.UnifiedJedis;

/**
 * Writes the orders of {@link QueuedPurchase} into a database: each of them once, although its message may come twice.
 *
 * <p><b>Why it holds.</b> A message is acknowledged only after the commit, so what a dead writer had is still there, and
 * another writer takes it over. Whoever comes second finds the row: the request is its key, and it says what was decided
 * the first time. An order that the database refuses gives its units back by one script, which does so once.
 *
 * <p><b>What it does with trouble.</b> While the database is down it takes no message. A message that fails alone is tried
 * {@value #TRIES} times, whatever it is that fails, and then goes to the dead letters, where a human sees it.
 *
 * <p>See it: {@code mvn test -pl lesson04-lua -Dtest='OrderWriter*Test'}
 */
public final class OrderWriter {

    /** How often a message is tried before it goes to the dead letters. */
    public static final int TRIES = 5;

    static final String INSERT = """
            INSERT INTO purchase_order (item, request_id, order_id, buyer, quantity, status)
            VALUES (?, ?, ?, ?, ?,
                    CASE WHEN EXISTS (SELECT 1 FROM closed_account WHERE buyer = ?) THEN 'REFUSED' ELSE 'ACCEPTED' END)
            ON CONFLICT DO NOTHING
            """;
    static final String WHAT_WAS_DECIDED =
            "SELECT order_id, status FROM purchase_order WHERE item = ? AND request_id = ?";

    private final String item;
    private final OrderLog log;
    private final DataSource orders;

    /**
     * @param orders a database with the tables of {@code orders.sql}
     * @param name of this writer, unlike that of any other that is running
     * @param patience who has had a message for this long and not acknowledged it is taken for dead
     */
    public OrderWriter(UnifiedJedis redis, String item, DataSource orders, String name, Duration patience) {
        this.item = item;
        this.log = new OrderLog(redis, item, name, patience);
        this.orders = orders;
    }

    /**
     * Handles one batch: a message that somebody left behind, and the next new ones. It waits for nothing, and takes as
     * long as the timeouts of the client and of the database let it.
     *
     * @return how many messages it was given; 0 if there is nothing to do at the moment
     * @throws SQLException if the database is down; messages that were not acknowledged will come again
     */
    public int poll() throws SQLException {
        int messages = 0;
        try (Connection database = orders.getConnection()) { // comes first, or messages would lose a try in vain
            database.setAutoCommit(false);
            for (OrderLog.Message message : log.leftBehind()) {
                messages++;
                if (log.deliveries(message) > TRIES) {
                    log.bury(message, "its writers did not live to tell what is wrong with it");
                } else {
                    handle(database, message);
                }
            }
            for (OrderLog.Message message : log.unread()) {
                messages++;
                handle(database, message);
            }
        }
        return messages;
    }

    private void handle(Connection database, OrderLog.Message message) throws SQLException {
        try {
            if (!isAccepted(database, message)) {
                log.refund(message);
            }
            log.acknowledge(message);
        } catch (SQLException | IllegalArgumentException failure) {
            database.rollback(); // throws if the database is gone: then it is not the message's fault
            if (log.deliveries(message) >= TRIES) {
                log.bury(message, failure.toString());
            }
        }
    }

    /** One transaction. What it finds in the row was decided once and for all, now or by an earlier delivery. */
    private boolean isAccepted(Connection database, OrderLog.Message message) throws SQLException {
        try (PreparedStatement insert = database.prepareStatement(INSERT);
                PreparedStatement select = database.prepareStatement(WHAT_WAS_DECIDED)) {
            insert.setString(1, item);
            insert.setString(2, message.get("request"));
            insert.setString(3, message.order());
            insert.setString(4, message.get("buyer"));
            insert.setLong(5, Long.parseLong(message.get("quantity")));
            insert.setString(6, message.get("buyer"));
            insert.executeUpdate();
            select.setString(1, item);
            select.setString(2, message.get("request"));
            boolean accepted;
            try (ResultSet row = select.executeQuery()) {
                row.next();
                accepted = row.getString("status").equals("ACCEPTED")
                        && row.getString("order_id").equals(message.order()); // else the request has another order
            }
            database.commit();
            return accepted;
        }
    }
}
