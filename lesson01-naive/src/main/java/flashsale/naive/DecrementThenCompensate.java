package flashsale.naive;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import redis.clients.jedis.UnifiedJedis;

/**
 * Step 4: do not check first; decrement, look at the result, and put the units back if there were not enough.
 *
 * <p><b>Why it never oversells.</b> {@code DECRBY} changes the stock and tells the result in one atomic step, so of all
 * buyers only those can see a result of 0 or more for whom there was a unit.
 *
 * <p><b>What still breaks.</b> Between the decrement and the compensation the stock is lower than it should be: a buyer
 * who comes just then is told {@code SOLD_OUT} while a unit remains. And a process that dies between two of the
 * commands takes its units with it: they are neither on sale nor recorded.
 *
 * <p>See it: {@code mvn test -pl lesson01-naive -Dtest=DecrementThenCompensateTest}
 */
public final class DecrementThenCompensate implements FlashSale {

    private final UnifiedJedis redis;
    private final SaleKeys keys;

    public DecrementThenCompensate(UnifiedJedis redis, String item) {
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
        long left = redis.decrBy(keys.stock(), purchase.quantity()); // takes the units, if they are there or not
        if (left < 0) {
            redis.incrBy(keys.stock(), purchase.quantity()); // until here nobody else can buy them
            return Outcome.SOLD_OUT;
        }
        redis.hincrBy(keys.orders(), purchase.buyer(), purchase.quantity());
        return Outcome.SOLD;
    }

    @Override
    public Books books() {
        return Books.of(redis.get(keys.stock()), redis.hgetAll(keys.orders()));
    }
}
