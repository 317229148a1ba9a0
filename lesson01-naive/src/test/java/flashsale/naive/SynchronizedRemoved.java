package flashsale.naive;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import redis.clients.jedis.UnifiedJedis;

/** {@link SynchronizedInOneJvm} without its lock: what is proved of that one must fail here. */
final class SynchronizedRemoved implements FlashSale {

    private final UnifiedJedis redis;
    private final SaleKeys keys;

    SynchronizedRemoved(UnifiedJedis redis, String item) {
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
        redis.decrBy(keys.stock(), purchase.quantity());
        redis.hincrBy(keys.orders(), purchase.buyer(), purchase.quantity());
        return Outcome.SOLD;
    }

    @Override
    public Books books() {
        return Books.of(redis.get(keys.stock()), redis.hgetAll(keys.orders()));
    }
}
