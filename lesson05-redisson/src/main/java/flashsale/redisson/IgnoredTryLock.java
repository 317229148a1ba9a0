package flashsale.redisson;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import org.redisson.api.BatchOptions;
import org.redisson.api.BatchOptions.ExecutionMode;
import org.redisson.api.RBatch;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/**
 * Step 1: {@code tryLock()}, and nobody looks at what it answers. It does not wait: who does not get the lock is told
 * {@code false}, and has to be refused, or to wait, or to come again.
 *
 * <p><b>What breaks.</b> Here the purchase goes on without the lock, and two buyers get the last unit. The check before
 * {@code unlock()}, which keeps it from throwing, also hides that the lock was never had.
 *
 * <p><b>What would be right.</b> {@link WatchdogLock}, which waits.
 *
 * <p>See it: {@code mvn test -pl lesson05-redisson -Dtest=IgnoredTryLockTest}
 */
public final class IgnoredTryLock implements FlashSale {

    private final RedissonClient redisson;
    private final SaleKeys keys;

    public IgnoredTryLock(RedissonClient redisson, String item) {
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
        boolean locked = lock.tryLock();
        try {
            return sell(purchase);
        } finally {
            if (locked) {
                lock.unlock();
            }
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
