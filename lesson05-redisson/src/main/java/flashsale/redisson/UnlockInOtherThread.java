package flashsale.redisson;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.redisson.api.BatchOptions;
import org.redisson.api.BatchOptions.ExecutionMode;
import org.redisson.api.RBatch;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/**
 * Step 3: the lock is taken on one thread, and the purchase goes on and releases it on another, as in code with
 * {@code @Async}, {@code CompletableFuture} or reactive streams.
 *
 * <p><b>What breaks.</b> A lock of Redisson's belongs to a <em>thread</em>, not to a purchase. The other thread sells
 * and then may not unlock: {@link IllegalMonitorStateException}. The sale stands in the books, its buyer is told of an
 * error, and the lock stays until its lease ends. Everybody waits that long; under the watchdog, for ever.
 *
 * <p><b>What would be right.</b> To release on the thread that locked, or with {@code unlockAsync(threadId)} and the
 * number of that thread. {@link WatchdogLock} does the first.
 *
 * <p>See it: {@code mvn test -pl lesson05-redisson -Dtest=UnlockInOtherThreadTest}
 */
public final class UnlockInOtherThread implements FlashSale {

    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Executor ANOTHER_THREAD = task -> new Thread(task, "another thread").start();

    private final RedissonClient redisson;
    private final SaleKeys keys;

    public UnlockInOtherThread(RedissonClient redisson, String item) {
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
        return CompletableFuture.supplyAsync(() -> sellAndUnlock(purchase, lock), ANOTHER_THREAD)
                .join();
    }

    private Outcome sellAndUnlock(Purchase purchase, RLock lock) {
        try {
            return sell(purchase);
        } finally {
            lock.unlock(); // this thread has not locked
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
