package flashsale.redisson;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.redisson.api.BatchOptions;
import org.redisson.api.BatchOptions.ExecutionMode;
import org.redisson.api.RBatch;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/**
 * Step 2: {@code lock(lease)}. Whoever gives a lease gets exactly that lease: the watchdog does not renew it.
 *
 * <p><b>What breaks.</b> A purchase that takes longer than the lease goes on without its lock. Another buyer sells the
 * same unit. Then {@code unlock()} throws {@link IllegalMonitorStateException}: the sale stands in the books, and its
 * buyer is told of an error.
 *
 * <p><b>What would be better.</b> {@link WatchdogLock} for a purchase that is merely slow.
 *
 * <p>See it: {@code mvn test -pl lesson05-redisson -Dtest=FixedLeaseLockTest}
 */
public final class FixedLeaseLock implements FlashSale {

    private static final Duration LEASE = Duration.ofSeconds(10);

    private final RedissonClient redisson;
    private final SaleKeys keys;

    public FixedLeaseLock(RedissonClient redisson, String item) {
        this.redisson = redisson;
        this.keys = new SaleKeys(item);
    }

    @Override
    public void open(int stock) {
        redisson.getAtomicLong(keys.stock()).set(SaleKeys.checkStock(stock));
        redisson.getKeys().delete(keys.orders(), keys.key("lock"));
    }

    @Override
    public Outcome buy(Purchase purchase) {
        RLock lock = redisson.getLock(keys.key("lock"));
        lock.lock(LEASE.toSeconds(), TimeUnit.SECONDS);
        try {
            return sell(purchase);
        } finally {
            lock.unlock();
        }
    }

    private Outcome sell(Purchase purchase) {
        String stock =
                redisson.<String>getBucket(keys.stock(), StringCodec.INSTANCE).get();
        if (stock == null) {
            return Outcome.NO_SUCH_SALE;
        }
        if (Integer.parseInt(stock) < purchase.quantity()) {
            return Outcome.SOLD_OUT;
        }
        RBatch both = redisson.createBatch(BatchOptions.defaults().executionMode(ExecutionMode.IN_MEMORY_ATOMIC));
        both.getAtomicLong(keys.stock()).addAndGetAsync(-purchase.quantity());
        both.<String, Integer>getMap(keys.orders(), StringCodec.INSTANCE)
                .addAndGetAsync(purchase.buyer(), purchase.quantity());
        both.execute(); // one step: a crash loses nothing
        return Outcome.SOLD;
    }

    @Override
    public Books books() {
        return Books.of(
                redisson.<String>getBucket(keys.stock(), StringCodec.INSTANCE).get(),
                redisson.<String, String>getMap(keys.orders(), StringCodec.INSTANCE)
                        .readAllMap());
    }
}
