package flashsale.lua;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * Step 6: the script also appends the order to a stream, from which {@link OrderWriter} writes it into a database. The
 * article says that the database can be updated after the sale; this is what that takes.
 *
 * <p><b>Why it holds.</b> Sale and message are one step: there is no order without its message, and no message without
 * an order, wherever a process dies. From then on the message waits until somebody has written it and said so. A repeated
 * request is told what it was told first, and appends nothing.
 *
 * <p><b>What it rests on.</b> A Redis that forgets nothing: {@code appendonly yes}, {@code appendfsync always}, {@code
 * maxmemory-policy noeviction}. {@code SOLD} means that the order stands in Redis; the database may still refuse it, and
 * the unit goes back to the stock then.
 *
 * <p>See it: {@code mvn test -pl lesson04-lua -Dtest='QueuedPurchaseTest,OrderWriterTest'}
 */
public final class QueuedPurchase implements FlashSale {

    static final Duration REMEMBERED = Duration.ofDays(1);
    static final Script SCRIPT = Script.in("queued-purchase.lua");

    private static final Script OPEN = Script.in("open-queue.lua"); // a client for clusters has scripts, but no MULTI
    private static final Script BOOKS = Script.of(
            "return {redis.call('GET', KEYS[1]), redis.call('HGETALL', KEYS[2]), redis.call('HGETALL', KEYS[3])}");
    private static final String REQUEST = "request:";
    private static final int ATTEMPTS = 3;

    private final UnifiedJedis redis;
    private final SaleKeys keys;
    private final String limit;

    /** @param limit the most units that one buyer may hold, from 1, or empty if there is no limit */
    public QueuedPurchase(UnifiedJedis redis, String item, OptionalInt limit) {
        this.redis = redis;
        this.keys = new SaleKeys(item);
        this.limit = SaleKeys.checkLimit(limit).isPresent() ? String.valueOf(limit.getAsInt()) : "none";
    }

    /** Also throws away orders of an earlier sale that nobody has written yet: let the writers finish before. */
    @Override
    public void open(int stock) {
        String units = String.valueOf(SaleKeys.checkStock(stock));
        redis.keys(keys.pattern(REQUEST)).forEach(redis::del); // answers of an earlier sale are none of this one's
        SCRIPT.load(redis, keys.stock());
        OPEN.run(
                redis,
                List.of(
                        keys.stock(),
                        keys.key(OrderLog.LOG),
                        keys.key(OrderLog.DEAD_LETTERS),
                        keys.orders(),
                        keys.key(OrderLog.REFUNDED),
                        keys.key(OrderLog.REFUNDS)),
                List.of(units, OrderLog.GROUP));
    }

    @Override
    public Outcome buy(Purchase purchase) {
        String request = keys.key(REQUEST + purchase.requestId());
        String remembered = String.valueOf(REMEMBERED.toMillis());
        for (int attempt = 1; ; attempt++) {
            try {
                Object outcome = SCRIPT.run(
                        redis,
                        List.of(keys.stock(), keys.orders(), request, keys.key(OrderLog.LOG)),
                        List.of(
                                purchase.buyer(),
                                String.valueOf(purchase.quantity()),
                                limit,
                                remembered,
                                purchase.requestId()));
                return Outcome.valueOf(outcome.toString());
            } catch (JedisConnectionException lost) {
                if (attempt == ATTEMPTS) {
                    throw lost; // nobody knows, and with the same id the caller may ask again
                }
            }
        }
    }

    /** In one step, so that a refund meanwhile is not seen by half. */
    @Override
    public Books books() {
        List<?> found = (List<?>)
                BOOKS.run(redis, List.of(keys.stock(), keys.orders(), keys.key(OrderLog.REFUNDED)), List.of());
        return Books.of((String) found.get(0), pairs(found.get(1)), pairs(found.get(2)));
    }

    /** A hash as a script replies it: field, value, field, value. */
    private static Map<String, String> pairs(Object flat) {
        Map<String, String> pairs = new HashMap<>();
        for (Iterator<?> each = ((List<?>) flat).iterator(); each.hasNext(); ) {
            pairs.put(each.next().toString(), each.next().toString());
        }
        return pairs;
    }
}
