package flashsale.setnx;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import flashsale.sale.Sleeper;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.params.SetParams;

/** {@link CompareAndDelete} that never looks at the stock: the lock is kept well, and guards nothing. */
final class StockIgnored implements FlashSale {

    private final UnifiedJedis redis;
    private final SaleKeys keys;
    private final LockWait wait = new LockWait(InstantSource.system(), Sleeper.real(), Duration.ofSeconds(30));

    StockIgnored(UnifiedJedis redis, String item) {
        this.redis = redis;
        this.keys = new SaleKeys(item);
    }

    @Override
    public void open(int stock) {
        redis.set(keys.stock(), String.valueOf(SaleKeys.checkStock(stock)));
        redis.del(keys.orders(), keys.key("lock"));
    }

    @Override
    public Outcome buy(Purchase purchase) {
        String lock = keys.key("lock");
        SetParams ifFree = SetParams.setParams().nx().px(10_000);
        if (!wait.until(() -> redis.set(lock, purchase.requestId(), ifFree) != null)) {
            return Outcome.CONTENDED;
        }
        HeldLock held = () -> redis.eval(CompareAndDelete.DELETE_IF_MINE, List.of(lock), List.of(purchase.requestId()));
        try (held) {
            redis.decrBy(keys.stock(), purchase.quantity());
            redis.hincrBy(keys.orders(), purchase.buyer(), purchase.quantity());
            return Outcome.SOLD;
        }
    }

    @Override
    public Books books() {
        return Books.of(redis.get(keys.stock()), redis.hgetAll(keys.orders()));
    }
}
