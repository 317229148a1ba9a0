package flashsale.setnx;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.Repeater;
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
 * Step 10: another thread of the process renews the lease every few seconds while the purchase goes on, so that a slow
 * purchase does not lose its lock. (Redisson calls it the watchdog.)
 *
 * <p><b>What it gives.</b> The lease can be short, and a process that dies is soon replaced: with one crash nobody is
 * ever stuck.
 *
 * <p><b>What still breaks.</b> A pause of the <em>whole process</em> (a garbage collection, a frozen virtual machine)
 * halts the renewal as well. If it outlasts the lease, the holder wakes up without its lock, and writes.
 *
 * <p>See it: {@code mvn test -pl lesson03-setnx-lock -Dtest=RenewedLeaseTest}
 */
public final class RenewedLease implements FlashSale {

    /** Starts the lease anew if the lock holds the caller's value; a lock that was lost is not taken back. */
    static final String RENEW_IF_MINE = """
            -- renew if mine
            if redis.call('GET', KEYS[1]) == ARGV[1] then
              return redis.call('PEXPIRE', KEYS[1], ARGV[2])
            end
            return 0
            """;

    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final UnifiedJedis redis;
    private final SaleKeys keys;
    private final String lock;
    private final LockWait wait;
    private final Repeater repeater;

    public RenewedLease(UnifiedJedis redis, String item, InstantSource clock, Sleeper sleeper, Repeater repeater) {
        this.redis = redis;
        this.keys = new SaleKeys(item);
        this.lock = keys.key("lock");
        this.wait = new LockWait(clock, sleeper, PATIENCE);
        this.repeater = repeater;
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
        Repeater.Repeated renewal = repeater.every(LEASE.dividedBy(3), () -> renew(owner));
        HeldLock held = () -> {
            renewal.close();
            redis.eval(CompareAndDelete.DELETE_IF_MINE, List.of(lock), List.of(owner));
        };
        try (held) {
            return sell(purchase);
        }
    }

    private void renew(String owner) {
        redis.eval(RENEW_IF_MINE, List.of(lock), List.of(owner, String.valueOf(LEASE.toMillis())));
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
