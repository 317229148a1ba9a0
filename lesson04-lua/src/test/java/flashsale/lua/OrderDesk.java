package flashsale.lua;

import flashsale.lua.HookedDatabase.Hook;
import flashsale.sale.Books;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.params.XPendingParams;
import redis.clients.jedis.resps.StreamEntry;

/** A sale, the database where its orders end, and the question whether the two agree. */
final class OrderDesk {

    static final String LOG = "sale:{concert}:order-log";
    static final String DEAD_LETTERS = "sale:{concert}:dead-letters";

    private static final int MOST_POLLS = 1000;

    /** A writer, or a copy of one. */
    interface Poller {
        int poll() throws SQLException;
    }

    /** How to build a writer. */
    interface Writers {
        Poller build(UnifiedJedis redis, DataSource orders, String name);
    }

    /** As the lesson has them; who has a message and does not acknowledge it is taken for dead at once. */
    static final Writers OF_THE_LESSON =
            (redis, orders, name) -> new OrderWriter(redis, "concert", orders, name, Duration.ZERO)::poll;

    private final UnifiedJedis redis;
    private final OrdersDatabase database;
    private final Writers writers;
    private final QueuedPurchase sale;

    OrderDesk(UnifiedJedis redis, OrdersDatabase database, Writers writers) {
        this.redis = redis;
        this.database = database;
        this.writers = writers;
        this.sale = new QueuedPurchase(redis, "concert", OptionalInt.empty());
    }

    /** A sale of five, of which Alice has bought one and Bob two; the database does not take Bob's order. */
    OrderDesk afterTwoOrdersOfFive() {
        database.clear();
        database.closeAccount("Bob");
        sale.open(5);
        buy("Alice", 1);
        buy("Bob", 2);
        return this;
    }

    /** Nobody repeats a request, so the explorer need not keep track of their times to live. */
    void forgetRequests() {
        redis.del("sale:{concert}:request:Alice-1", "sale:{concert}:request:Bob-1");
    }

    QueuedPurchase sale() {
        return sale;
    }

    Outcome buy(String buyer, int quantity) {
        return sale.buy(new Purchase(buyer, quantity, buyer + "-1"));
    }

    Poller writer(String name) {
        return writers.build(redis, database.source(), name);
    }

    Poller writer(String name, Hook hook) {
        return writers.build(redis, HookedDatabase.around(database.source(), hook), name);
    }

    /** Another writer does what there is to do. */
    OrderDesk tidyUp() {
        Poller another = writer("another");
        int polls = 0;
        try {
            while (another.poll() > 0) {
                if (++polls == MOST_POLLS) {
                    throw new AssertionError("still not done after " + MOST_POLLS + " polls");
                }
            }
        } catch (SQLException down) {
            throw new AssertionError(down);
        }
        return this;
    }

    /** For each pending message how often it was delivered. */
    List<Long> deliveriesOfPending() {
        XPendingParams all = new XPendingParams(StreamEntryID.MINIMUM_ID, StreamEntryID.MAXIMUM_ID, 10_000);
        return redis.xpending(LOG, OrderLog.GROUP, all).stream()
                .map(pending -> pending.getDeliveredTimes())
                .toList();
    }

    List<StreamEntry> deadLetters() {
        return redis.xrange(DEAD_LETTERS, StreamEntryID.MINIMUM_ID, StreamEntryID.MAXIMUM_ID);
    }

    /**
     * What does not fit, when all writers are done: an order that stands in one place only or with other units, units
     * that are neither on sale nor in an order, and messages that nobody has acknowledged. Dead letters have no row.
     */
    List<String> disagreements(int openingStock) {
        Books books = sale.books();
        Map<String, Long> rows = database.rows().stream()
                .filter(row -> row.status().equals("ACCEPTED"))
                .collect(Collectors.groupingBy(
                        OrdersDatabase.Row::buyer, TreeMap::new, Collectors.summingLong(OrdersDatabase.Row::quantity)));
        List<String> found = new ArrayList<>();
        Set<String> buyers = new TreeSet<>(rows.keySet());
        buyers.addAll(books.orders().keySet());
        for (String buyer : buyers) {
            long inRedis = books.orders().getOrDefault(buyer, 0);
            long inRows = rows.getOrDefault(buyer, 0L);
            if (inRedis != inRows) {
                found.add(buyer + " has " + inRedis + " in Redis and " + inRows + " in the database");
            }
        }
        int accounted = books.remaining().orElse(0) + books.sold();
        if (accounted != openingStock) {
            found.add(openingStock + " existed, and " + accounted + " are on sale or sold");
        }
        if (!deliveriesOfPending().isEmpty()) {
            found.add(deliveriesOfPending().size() + " pending");
        }
        return found;
    }
}
