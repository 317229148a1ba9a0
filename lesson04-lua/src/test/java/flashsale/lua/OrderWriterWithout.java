package flashsale.lua;

import flashsale.lua.OrderLog.Message;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import redis.clients.jedis.UnifiedJedis;

/** {@link OrderWriter} with one of its protections removed: what holds of that one must fail here. */
final class OrderWriterWithout {

    /** What is missing. */
    enum Without {
        /** It acknowledges a message first, and commits then. */
        ACKNOWLEDGING_LAST,
        /** Its rows have keys of their own, so that a message which comes twice makes two. */
        REQUEST_AS_KEY,
        /** Nobody remembers which orders were given back. */
        REFUND_ONCE,
        /** What a dead writer had stays with it. */
        TAKING_OVER
    }

    private final UnifiedJedis redis;
    private final DataSource orders;
    private final OrderLog log;
    private final Without missing;

    private OrderWriterWithout(UnifiedJedis redis, DataSource orders, String name, Without missing) {
        this.redis = redis;
        this.orders = orders;
        this.log = new OrderLog(redis, "concert", name, Duration.ZERO);
        this.missing = missing;
    }

    static OrderDesk.Writers writers(Without missing) {
        return (redis, orders, name) -> new OrderWriterWithout(redis, orders, name, missing)::poll;
    }

    private int poll() throws SQLException {
        try (Connection database = orders.getConnection()) {
            database.setAutoCommit(false);
            List<Message> batch = new ArrayList<>(missing == Without.TAKING_OVER ? List.of() : log.leftBehind());
            batch.addAll(log.unread());
            for (Message message : batch) {
                handle(database, message);
            }
            return batch.size();
        }
    }

    private void handle(Connection database, Message message) throws SQLException {
        boolean accepted = isAccepted(database, message);
        if (missing == Without.ACKNOWLEDGING_LAST) {
            log.acknowledge(message);
        }
        database.commit();
        if (!accepted) {
            if (missing == Without.REFUND_ONCE) {
                redis.srem("sale:{concert}:" + OrderLog.REFUNDS, message.order());
            }
            log.refund(message);
        }
        log.acknowledge(message);
    }

    private boolean isAccepted(Connection database, Message message) throws SQLException {
        String key = message.get("request") + (missing == Without.REQUEST_AS_KEY ? UUID.randomUUID() : "");
        try (PreparedStatement insert = database.prepareStatement(OrderWriter.INSERT);
                PreparedStatement select = database.prepareStatement(OrderWriter.WHAT_WAS_DECIDED)) {
            insert.setString(1, "concert");
            insert.setString(2, key);
            insert.setString(3, message.order());
            insert.setString(4, message.get("buyer"));
            insert.setLong(5, Long.parseLong(message.get("quantity")));
            insert.setString(6, message.get("buyer"));
            insert.executeUpdate();
            select.setString(1, "concert");
            select.setString(2, key);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getString("status").equals("ACCEPTED");
            }
        }
    }
}
