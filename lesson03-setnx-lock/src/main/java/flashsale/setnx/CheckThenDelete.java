package flashsale.setnx;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import flashsale.sale.Sleeper;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.params.SetParams;

/**
 * Step 6: a random value says whose lock it is, and the release looks before it deletes: {@code GET}, compare,
 * {@code DEL}.
 *
 * <p><b>What breaks.</b> The same as in step 5, by one more command: the lease ends, and the lock changes hands, between
 * the look and the {@code DEL}. Check, then act.
 *
 * <p>See it: {@code mvn test -pl lesson03-setnx-lock -Dtest=CheckThenDeleteTest}
 */
public final class CheckThenDelete implements FlashSale {

    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final UnifiedJedis redis;
    private final SaleKeys keys;
    private final String lock;
    private final LockWait wait;

    public CheckThenDelete(UnifiedJedis redis, String item, InstantSource clock, Sleeper sleeper) {
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
        if (owner.equals(redis.get(lock))) {
            redis.del(lock); // whoever has it now
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
