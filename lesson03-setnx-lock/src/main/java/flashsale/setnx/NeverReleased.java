package flashsale.setnx;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import flashsale.sale.Sleeper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.params.SetParams;

/**
 * Step 4: the lock article's own code. The release is meant to delete the lock only if it is still its owner's, but it
 * compares bytes with text, which are never equal, and the time for which a buyer waits is the lease.
 *
 * <p><b>What breaks.</b> No lock is ever released. Every sale takes as long as a lease, and the next buyer's deadline
 * falls on the same instant as the end of that lease: whoever looks a moment too early gives up while tickets remain.
 *
 * <p>See it: {@code mvn test -pl lesson03-setnx-lock -Dtest=NeverReleasedTest}
 */
public final class NeverReleased implements FlashSale {

    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = LEASE;

    private final UnifiedJedis redis;
    private final SaleKeys keys;
    private final String lock;
    private final LockWait wait;

    public NeverReleased(UnifiedJedis redis, String item, InstantSource clock, Sleeper sleeper) {
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
        String owner = UUID.randomUUID().toString();
        if (!wait.until(() -> redis.set(lock, owner, SetParams.setParams().nx().px(LEASE.toMillis())) != null)) {
            return Outcome.CONTENDED;
        }
        HeldLock held = () -> release(owner);
        try (held) {
            return sell(purchase);
        }
    }

    private void release(String owner) {
        Object holder = redis.get(lock.getBytes(StandardCharsets.UTF_8)); // asked with bytes, answered with bytes
        if (owner.equals(holder)) { // a String and a byte[]: false, whatever they hold
            redis.del(lock);
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
