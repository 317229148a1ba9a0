package flashsale.watch;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import java.util.OptionalInt;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.UnifiedJedis;

/** {@link WatchThenRead} that watches the orders of all buyers, and not the stock: it holds as well. */
final class OrdersWatched implements FlashSale {

    private final UnifiedJedis redis;
    private final SaleKeys keys;
    private final OptionalInt limit;

    OrdersWatched(UnifiedJedis redis, String item, OptionalInt limit) {
        this.redis = redis;
        this.keys = new SaleKeys(item);
        this.limit = limit;
    }

    @Override
    public void open(int stock) {
        redis.set(keys.stock(), String.valueOf(SaleKeys.checkStock(stock)));
        redis.del(keys.orders());
    }

    @Override
    public Outcome buy(Purchase purchase) {
        while (true) {
            try (AbstractTransaction transaction = redis.transaction(false)) {
                transaction.watch(keys.orders());
                String stock = transaction.get(keys.stock()).get();
                if (stock == null) {
                    return Outcome.NO_SUCH_SALE;
                }
                if (Integer.parseInt(stock) < purchase.quantity()) {
                    return Outcome.SOLD_OUT;
                }
                if (limit.isPresent()) {
                    String held =
                            transaction.hget(keys.orders(), purchase.buyer()).get();
                    int units = held == null ? 0 : Integer.parseInt(held);
                    if (units + purchase.quantity() > limit.getAsInt()) {
                        return Outcome.LIMIT_REACHED;
                    }
                }
                transaction.multi();
                transaction.decrBy(keys.stock(), purchase.quantity());
                transaction.hincrBy(keys.orders(), purchase.buyer(), purchase.quantity());
                if (transaction.exec() != null) {
                    return Outcome.SOLD;
                }
            }
        }
    }

    @Override
    public Books books() {
        return Books.of(redis.get(keys.stock()), redis.hgetAll(keys.orders()));
    }
}
