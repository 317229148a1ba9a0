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
 * Step 5: {@code SET NX PX}, look at the reply, and {@code DEL} at the end: the lock that most code has.
 *
 * <p><b>What breaks.</b> The lease ends before the {@code DEL}; somebody else takes the lock; the late {@code DEL}
 * deletes <em>their</em> lock; and a third buyer comes in. It takes a pause between the last write and the release, so
 * the first purchase itself was fine.
 *
 * <p>See it: {@code mvn test -pl lesson03-setnx-lock -Dtest=BlindDeleteTest}
 */
public final class BlindDelete implements FlashSale {

    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final UnifiedJedis redis;
    private final SaleKeys keys;
    private final String lock;
    private final LockWait wait;

    public BlindDelete(UnifiedJedis redis, String item, InstantSource clock, Sleeper sleeper) {
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
        if (!wait.until(
                () -> redis.set(lock, "taken", SetParams.setParams().nx().px(LEASE.toMillis())) != null)) {
            return Outcome.CONTENDED;
        }
        HeldLock held = () -> redis.del(lock); // whoever has it now
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
