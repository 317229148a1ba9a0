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
 * Step 4: {@code lock()} without a lease. Redisson takes the lock for 30 seconds, and its watchdog renews it every 10
 * seconds for as long as the process lives.
 *
 * <p><b>What it gives.</b> All that lesson 3 built by hand: a value of the holder's own, a release that frees nobody
 * else's lock, a renewal for slow purchases, and a wait that needs no polling. A process that dies renews no more, and
 * half a minute later others go on.
 *
 * <p><b>What still breaks.</b> A pause of the <em>whole process</em> halts the watchdog as well. If it outlasts the
 * lease, the holder wakes up without its lock, and writes.
 *
 * <p>See it: {@code mvn test -pl lesson05-redisson -Dtest=WatchdogLockTest}
 */
public final class WatchdogLock implements FlashSale {

    private final RedissonClient redisson;
    private final SaleKeys keys;

    public WatchdogLock(RedissonClient redisson, String item) {
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
        lock.lock();
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
