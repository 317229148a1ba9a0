package flashsale.lua;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleContext;
import flashsale.sale.SaleKeys;
import java.time.Duration;
import java.util.List;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.params.SetParams;

/** {@link IdempotentPurchase} whose client asks for the id before the script, and records the answer after it. */
final class IdAskedBeforehand implements FlashSale {

    private final UnifiedJedis redis;
    private final SaleKeys keys;

    IdAskedBeforehand(SaleContext shop) {
        this.redis = shop.redis();
        this.keys = new SaleKeys(shop.item());
    }

    @Override
    public void open(int stock) {
        redis.set(keys.stock(), String.valueOf(SaleKeys.checkStock(stock)));
        redis.del(keys.orders());
        AtomicPurchase.SCRIPT.load(redis, keys.stock());
    }

    @Override
    public Outcome buy(Purchase purchase) {
        String request = keys.key("request:" + purchase.requestId());
        String first = redis.get(request);
        if (first != null) {
            return Outcome.valueOf(first);
        }
        Object outcome = AtomicPurchase.SCRIPT.run(
                redis,
                List.of(keys.stock(), keys.orders()),
                List.of(purchase.buyer(), String.valueOf(purchase.quantity()), "none"));
        redis.set(
                request,
                outcome.toString(),
                SetParams.setParams().px(Duration.ofMinutes(10).toMillis()));
        return Outcome.valueOf(outcome.toString());
    }

    @Override
    public Books books() {
        return Books.of(redis.get(keys.stock()), redis.hgetAll(keys.orders()));
    }
}
