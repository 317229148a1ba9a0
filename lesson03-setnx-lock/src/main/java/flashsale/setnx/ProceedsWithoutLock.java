package flashsale.setnx;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.params.SetParams;

/**
 * Step 3: {@code SET NX PX} in one command, and nobody looks at the reply. Seen in real projects: the call that takes
 * the lock stands there, its result is dropped, and the code goes on as if it had won.
 *
 * <p><b>What breaks.</b> Everything: no fault is needed. The lock is taken and released, even safely, and guards
 * nothing.
 *
 * <p>See it: {@code mvn test -pl lesson03-setnx-lock -Dtest=ProceedsWithoutLockTest}
 */
public final class ProceedsWithoutLock implements FlashSale {

    private static final Duration LEASE = Duration.ofSeconds(10);

    private final UnifiedJedis redis;
    private final SaleKeys keys;
    private final String lock;

    public ProceedsWithoutLock(UnifiedJedis redis, String item) {
        this.redis = redis;
        this.keys = new SaleKeys(item);
        this.lock = keys.key("lock");
    }

    @Override
    public void open(int stock) {
        redis.set(keys.stock(), String.valueOf(SaleKeys.checkStock(stock)));
        redis.del(keys.orders(), lock);
    }

    @Override
    public Outcome buy(Purchase purchase) {
        String owner = UUID.randomUUID().toString();
        redis.set(lock, owner, SetParams.setParams().nx().px(LEASE.toMillis())); // null if somebody else has it
        HeldLock held = () -> redis.eval(CompareAndDelete.DELETE_IF_MINE, List.of(lock), List.of(owner));
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
