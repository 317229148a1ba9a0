package flashsale.lua;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.Response;
import redis.clients.jedis.StreamEntryID;
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
        redis.keys(keys.pattern(REQUEST)).forEach(redis::del);
        SCRIPT.load(redis, keys.stock());
        try (AbstractTransaction oneMoment = redis.multi()) { // there is no sale without a group that reads its log
            oneMoment.del(keys.orders(), keys.key(OrderLog.REFUNDED), keys.key(OrderLog.REFUNDS));
            oneMoment.del(keys.key(OrderLog.LOG), keys.key(OrderLog.DEAD_LETTERS));
            oneMoment.xgroupCreate(keys.key(OrderLog.LOG), OrderLog.GROUP, new StreamEntryID(0, 0), true);
            oneMoment.set(keys.stock(), units);
            oneMoment.exec();
        }
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

    @Override
    public Books books() {
        try (AbstractTransaction oneMoment = redis.multi()) { // a refund meanwhile must not be seen by half
            Response<String> stock = oneMoment.get(keys.stock());
            Response<Map<String, String>> orders = oneMoment.hgetAll(keys.orders());
            Response<Map<String, String>> refunded = oneMoment.hgetAll(keys.key(OrderLog.REFUNDED));
            oneMoment.exec();
            return Books.of(stock.get(), orders.get(), refunded.get());
        }
    }
}
