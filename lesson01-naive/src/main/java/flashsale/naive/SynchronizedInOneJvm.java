package flashsale.naive;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import redis.clients.jedis.UnifiedJedis;

/**
 * Step 3: the same purchase, one buyer at a time, under a lock of this JVM.
 *
 * <p><b>Why it holds.</b> While one buyer is between the check and the record, nobody else who uses <em>this
 * instance</em> can be: proved for every interleaving.
 *
 * <p><b>What breaks.</b> The stock lives in Redis, and the lock in one application server. As soon as a second server
 * sells the same item, its buyers take another lock, and everything is as in step 2.
 *
 * <p>See it: {@code mvn test -pl lesson01-naive -Dtest=SynchronizedInOneJvmTest}
 */
public final class SynchronizedInOneJvm implements FlashSale {

    private final UnifiedJedis redis;
    private final SaleKeys keys;

    public SynchronizedInOneJvm(UnifiedJedis redis, String item) {
        this.redis = redis;
        this.keys = new SaleKeys(item);
    }

    @Override
    public void open(int stock) {
        redis.set(keys.stock(), String.valueOf(SaleKeys.checkStock(stock)));
        redis.del(keys.orders());
    }

    @Override
    public synchronized Outcome buy(Purchase purchase) { // one at a time, as far as this JVM can see
        String stock = redis.get(keys.stock());
        if (stock == null) {
            return Outcome.NO_SUCH_SALE;
        }
        if (Integer.parseInt(stock) < purchase.quantity()) {
            return Outcome.SOLD_OUT;
        }
        redis.decrBy(keys.stock(), purchase.quantity());
        redis.hincrBy(keys.orders(), purchase.buyer(), purchase.quantity());
        return Outcome.SOLD;
    }

    @Override
    public Books books() {
        return Books.of(redis.get(keys.stock()), redis.hgetAll(keys.orders()));
    }
}
