package flashsale.naive;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import redis.clients.jedis.UnifiedJedis;

/**
 * Step 2: read the stock and check it, then let Redis do the subtraction.
 *
 * <p>{@code DECRBY} is atomic, so no update is lost any more: every unit that is sold is counted.
 *
 * <p><b>What breaks.</b> The check and the decrement are still two commands. Two buyers check the same stock, both
 * decrement, and the stock goes negative. An atomic command does not make the purchase around it atomic.
 *
 * <p>See it: {@code mvn test -pl lesson01-naive -Dtest=CheckThenDecrementTest}
 */
public final class CheckThenDecrement implements FlashSale {

    private final UnifiedJedis redis;
    private final SaleKeys keys;

    public CheckThenDecrement(UnifiedJedis redis, String item) {
        this.redis = redis;
        this.keys = new SaleKeys(item);
    }

    @Override
    public void open(int stock) {
        redis.set(keys.stock(), String.valueOf(SaleKeys.checkStock(stock)));
        redis.del(keys.orders());
    }

    @Override
    public Outcome buy(Purchase purchase) {
        String stock = redis.get(keys.stock());
        if (stock == null) {
            return Outcome.NO_SUCH_SALE;
        }
        if (Integer.parseInt(stock) < purchase.quantity()) {
            return Outcome.SOLD_OUT;
        }
        redis.decrBy(keys.stock(), purchase.quantity()); // the stock may have changed since the GET
        redis.hincrBy(keys.orders(), purchase.buyer(), purchase.quantity());
        return Outcome.SOLD;
    }

    @Override
    public Books books() {
        return Books.of(redis.get(keys.stock()), redis.hgetAll(keys.orders()));
    }
}
