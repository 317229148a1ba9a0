package flashsale.lua;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import java.util.List;
import java.util.OptionalInt;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * Step 3: as step 2, and when the connection breaks, the client calls again.
 *
 * <p><b>What breaks.</b> The reply was lost, and not the call. The script has run, and now runs again: two orders from
 * one wish. Or, if it was the last unit, the buyer has it and is told {@code SOLD_OUT}. To the client a call that never
 * arrived and a reply that never came back look the same.
 *
 * <p>See it: {@code mvn test -pl lesson04-lua -Dtest=RetriedBlindlyTest}
 */
public final class RetriedBlindly implements FlashSale {

    private static final int ATTEMPTS = 3;

    private final UnifiedJedis redis;
    private final SaleKeys keys;
    private final String limit;

    /** @param limit the most units that one buyer may hold, from 1, or empty if there is no limit */
    public RetriedBlindly(UnifiedJedis redis, String item, OptionalInt limit) {
        this.redis = redis;
        this.keys = new SaleKeys(item);
        this.limit = SaleKeys.checkLimit(limit).isPresent() ? String.valueOf(limit.getAsInt()) : "none";
    }

    @Override
    public void open(int stock) {
        redis.set(keys.stock(), String.valueOf(SaleKeys.checkStock(stock)));
        redis.del(keys.orders());
        AtomicPurchase.SCRIPT.load(redis, keys.stock());
    }

    @Override
    public Outcome buy(Purchase purchase) {
        for (int attempt = 1; ; attempt++) {
            try {
                Object outcome = AtomicPurchase.SCRIPT.run(
                        redis,
                        List.of(keys.stock(), keys.orders()),
                        List.of(purchase.buyer(), String.valueOf(purchase.quantity()), limit));
                return Outcome.valueOf(outcome.toString());
            } catch (JedisConnectionException lost) {
                if (attempt == ATTEMPTS) {
                    throw lost;
                }
            }
        }
    }

    @Override
    public Books books() {
        return Books.of(redis.get(keys.stock()), redis.hgetAll(keys.orders()));
    }
}
