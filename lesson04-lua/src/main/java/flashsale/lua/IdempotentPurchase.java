package flashsale.lua;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * Step 4: as step 3, and the script keeps the outcome under the request's id. A repeat gets the first outcome, and
 * nothing else happens. (The article {@code zero-watch-seckill} takes such an id from its clients, and never uses it.)
 *
 * <p><b>Why it holds.</b> "Have I done this?" is asked, and the answer recorded, in the script that does it. So it does
 * not matter whether the call or the reply was lost, whether two copies arrive at once, or whether another process
 * repeats what a dead one began. Proved for each of these.
 *
 * <p><b>What it rests on.</b> The id is remembered for {@link #REMEMBERED}. Who repeats a request later than that buys
 * again, so no client, queue or proxy may repeat for so long; and whoever runs Redis must not let it evict the ids.
 *
 * <p>See it: {@code mvn test -pl lesson04-lua -Dtest=IdempotentPurchaseTest}
 */
public final class IdempotentPurchase implements FlashSale {

    static final Duration REMEMBERED = Duration.ofMinutes(10);
    static final Script SCRIPT = Script.in("idempotent-purchase.lua");

    private static final int ATTEMPTS = 3;

    private final UnifiedJedis redis;
    private final SaleKeys keys;
    private final String limit;

    /** @param limit the most units that one buyer may hold, from 1, or empty if there is no limit */
    public IdempotentPurchase(UnifiedJedis redis, String item, OptionalInt limit) {
        this.redis = redis;
        this.keys = new SaleKeys(item);
        this.limit = SaleKeys.checkLimit(limit).isPresent() ? String.valueOf(limit.getAsInt()) : "none";
    }

    @Override
    public void open(int stock) {
        redis.set(keys.stock(), String.valueOf(SaleKeys.checkStock(stock)));
        redis.del(keys.orders());
        redis.keys(keys.pattern("request:")).forEach(redis::del); // answers of an earlier sale are none of this one's
        SCRIPT.load(redis, keys.stock());
    }

    @Override
    public Outcome buy(Purchase purchase) {
        String request = keys.key("request:" + purchase.requestId());
        String remembered = String.valueOf(REMEMBERED.toMillis());
        for (int attempt = 1; ; attempt++) {
            try {
                Object outcome = SCRIPT.run(
                        redis,
                        List.of(keys.stock(), keys.orders(), request),
                        List.of(purchase.buyer(), String.valueOf(purchase.quantity()), limit, remembered));
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
        return Books.of(redis.get(keys.stock()), redis.hgetAll(keys.orders()));
    }
}
