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
import java.util.UUID;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.params.SetParams;

/**
 * Step 8: the same release in one script, the usual way. Redis runs a script as one command, so nothing comes between
 * the look and the {@code DEL}. (Redis 8.4 has a command for it: {@code DELEX lock IFEQ owner}.)
 *
 * <p><b>Why the release is right.</b> As in step 7, with one command in place of three.
 *
 * <p><b>What still breaks.</b> As in step 7: this is the best that a lock with a lease can be, and it still oversells
 * when its holder pauses for longer than the lease and then writes.
 *
 * <p>See it: {@code mvn test -pl lesson03-setnx-lock -Dtest=CompareAndDeleteTest}
 */
public final class CompareAndDelete implements FlashSale {

    /** Deletes the lock if it holds the caller's value; replies 1 if it did, and 0 if it did not. */
    static final String DELETE_IF_MINE = """
            -- delete if mine
            if redis.call('GET', KEYS[1]) == ARGV[1] then
              return redis.call('DEL', KEYS[1])
            end
            return 0
            """;

    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final UnifiedJedis redis;
    private final SaleKeys keys;
    private final String lock;
    private final LockWait wait;

    public CompareAndDelete(UnifiedJedis redis, String item, InstantSource clock, Sleeper sleeper) {
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
        HeldLock held = () -> redis.eval(DELETE_IF_MINE, List.of(lock), List.of(owner));
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
