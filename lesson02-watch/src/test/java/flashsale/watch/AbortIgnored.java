package flashsale.watch;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.UnifiedJedis;

/** {@link WatchThenRead} that never looks at what {@code EXEC} answers: what is proved of that one must fail here. */
final class AbortIgnored implements FlashSale {

    private final UnifiedJedis redis;
    private final SaleKeys keys;

    AbortIgnored(UnifiedJedis redis, String item) {
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
        try (AbstractTransaction transaction = redis.transaction(false)) {
            transaction.watch(keys.stock());
            String stock = transaction.get(keys.stock()).get();
            if (stock == null) {
                return Outcome.NO_SUCH_SALE;
            }
            if (Integer.parseInt(stock) < purchase.quantity()) {
                return Outcome.SOLD_OUT;
            }
            transaction.multi();
            transaction.decrBy(keys.stock(), purchase.quantity());
            transaction.hincrBy(keys.orders(), purchase.buyer(), purchase.quantity());
            transaction.exec();
            return Outcome.SOLD;
        }
    }

    @Override
    public Books books() {
        return Books.of(redis.get(keys.stock()), redis.hgetAll(keys.orders()));
    }
}
