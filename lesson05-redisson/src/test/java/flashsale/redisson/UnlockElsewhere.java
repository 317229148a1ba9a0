package flashsale.redisson;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.redisson.api.BatchOptions;
import org.redisson.api.BatchOptions.ExecutionMode;
import org.redisson.api.RBatch;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/** Variants of {@link UnlockInOtherThread}: one that is worse, and one that is right. */
final class UnlockElsewhere implements FlashSale {

    /** What differs. */
    enum How {
        WATCHED,
        WITH_THE_OWNERS_NUMBER
    }

    private final RedissonClient redisson;
    private final String item;
    private final How how;

    UnlockElsewhere(RedissonClient redisson, String item, How how) {
        this.redisson = redisson;
        this.item = item;
        this.how = how;
    }

    @Override
    public void open(int stock) {
        new WatchdogLock(redisson, item).open(stock);
    }

    @Override
    public Outcome buy(Purchase purchase) {
        RLock lock = redisson.getLock("sale:{" + item + "}:lock");
        if (how == How.WATCHED) {
            lock.lock();
        } else {
            lock.lock(10, TimeUnit.SECONDS);
        }
        long owner = Thread.currentThread().getId();
        return CompletableFuture.supplyAsync(
                        () -> sellAndUnlock(purchase, lock, owner), task -> new Thread(task, "another thread").start())
                .join();
    }

    private Outcome sellAndUnlock(Purchase purchase, RLock lock, long owner) {
        try {
            return sell(purchase);
        } finally {
            if (how == How.WATCHED) {
                lock.unlock();
            } else {
                lock.unlockAsync(owner).toCompletableFuture().join();
            }
        }
    }

    private Outcome sell(Purchase purchase) {
        SaleKeys keys = new SaleKeys(item);
        if (redisson.getAtomicLong(keys.stock()).get() < purchase.quantity()) {
            return Outcome.SOLD_OUT;
        }
        RBatch both = redisson.createBatch(BatchOptions.defaults().executionMode(ExecutionMode.IN_MEMORY_ATOMIC));
        both.getAtomicLong(keys.stock()).addAndGetAsync(-purchase.quantity());
        both.<String, Integer>getMap(keys.orders(), StringCodec.INSTANCE)
                .addAndGetAsync(purchase.buyer(), purchase.quantity());
        both.execute();
        return Outcome.SOLD;
    }

    @Override
    public Books books() {
        return new WatchdogLock(redisson, item).books();
    }
}
