package flashsale.setnx;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import flashsale.sale.Sleeper;
import java.time.Duration;
import java.time.InstantSource;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.params.SetParams;

/**
 * Step 2: {@code SETNX}, and then {@code EXPIRE}, so that the lock of a dead process goes away by itself.
 *
 * <p><b>What breaks.</b> Two commands again, and a process can die between them: then there is a lock without a lease,
 * as in step 1. {@code SET lock value NX PX} does both in one command since Redis 2.6.12.
 *
 * <p>See it: {@code mvn test -pl lesson03-setnx-lock -Dtest=SetnxThenExpireTest}
 */
public final class SetnxThenExpire implements FlashSale {

    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final UnifiedJedis redis;
    private final SaleKeys keys;
    private final String lock;
    private final LockWait wait;

    public SetnxThenExpire(UnifiedJedis redis, String item, InstantSource clock, Sleeper sleeper) {
        this.redis = redis;
        this.keys = new SaleKeys(item);
        this.lock = keys.key("lock");
        this.wait = new LockWait(clock, sleeper, PATIENCE);
    }

    @Override
    public void open(int stock) {
        redis.set(keys.stock(), String.valueOf(SaleKeys.checkStock(stock)));
        redis.del(keys.orders(), lock);
    }

    @Override
    public Outcome buy(Purchase purchase) {
        if (!wait.until(() -> redis.set(lock, "taken", SetParams.setParams().nx()) != null)) {
            return Outcome.CONTENDED;
        }
        redis.expire(lock, LEASE.toSeconds()); // until here the lock has no lease
        HeldLock held = () -> redis.del(lock);
        try (held) {
            return sell(purchase);
        }
    }

    private Outcome sell(Purchase purchase) {
        String stock = redis.get(keys.stock());
        if (stock == null) {
            return Outcome.NO_SUCH_SALE;
        }
        if (Integer.parseInt(stock) < purchase.quantity()) {
            return Outcome.SOLD_OUT;
        }
        try (AbstractTransaction both = redis.multi()) { // one step: a crash loses nothing
            both.decrBy(keys.stock(), purchase.quantity());
            both.hincrBy(keys.orders(), purchase.buyer(), purchase.quantity());
            both.exec();
        }
        return Outcome.SOLD;
    }

    @Override
    public Books books() {
        return Books.of(redis.get(keys.stock()), redis.hgetAll(keys.orders()));
    }
}
