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
import redis.clients.jedis.UnifiedJedis;

/**
 * Step 12: the token is checked where the stock is read, too. The read raises the fence to the reader's number, and the
 * write passes only if the fence still stands there: if nobody with a higher number has so much as looked.
 *
 * <p><b>Why it holds.</b> Every read leaves its number, and the write looks for its own number and writes in one command:
 * proved for two and three buyers with a lease that ends at any moment, and with a crash. The fence alone does it. What
 * the lock is still good for is that buyers wait in line instead of fencing each other off: efficiency, not correctness.
 *
 * <p><b>What it rests on.</b> A counter that never goes back. It has no lease, and it shares the slot of the stock. When
 * a failover loses it, tokens are given out twice, and the fence is open: see {@code FailoverTest}.
 *
 * <p>See it: {@code mvn test -pl lesson03-setnx-lock -Dtest=FencedPurchaseTest}
 */
public final class FencedPurchase implements FlashSale {

    static final String FENCED_READ = """
            -- fenced read
            if tonumber(redis.call('GET', KEYS[1]) or 0) > tonumber(ARGV[1]) then
              return 'fenced off'
            end
            redis.call('SET', KEYS[1], ARGV[1])
            return redis.call('GET', KEYS[2])
            """;

    static final String FENCED_WRITE = """
            -- fenced write
            if redis.call('GET', KEYS[1]) ~= ARGV[1] then
              return 0
            end
            redis.call('DECRBY', KEYS[2], ARGV[2])
            redis.call('HINCRBY', KEYS[3], ARGV[3], ARGV[2])
            return 1
            """;

    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ATTEMPTS = 3;

    private final UnifiedJedis redis;
    private final SaleKeys keys;
    private final String lock;
    private final String tokens;
    private final String fence;
    private final LockWait wait;

    public FencedPurchase(UnifiedJedis redis, String item, InstantSource clock, Sleeper sleeper) {
        this.redis = redis;
        this.keys = new SaleKeys(item);
        this.lock = keys.key("lock");
        this.tokens = keys.key("tokens");
        this.fence = keys.key("fence");
        this.wait = new LockWait(clock, sleeper, PATIENCE);
    }

    @Override
    public void open(int stock) {
        redis.set(keys.stock(), String.valueOf(SaleKeys.checkStock(stock)));
        redis.del(keys.orders(), lock); // tokens and fence stay: a token must never be given out twice
    }

    @Override
    public Outcome buy(Purchase purchase) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            List<String> lease = List.of(String.valueOf(LEASE.toMillis()));
            Object won =
                    wait.untilNotNull(() -> redis.eval(FenceOnWriteOnly.LOCK_WITH_TOKEN, List.of(lock, tokens), lease));
            if (won == null) {
                return Outcome.CONTENDED;
            }
            String token = won.toString();
            HeldLock held = () -> redis.eval(CompareAndDelete.DELETE_IF_MINE, List.of(lock), List.of(token));
            try (held) {
                Outcome outcome = sell(purchase, token);
                if (outcome != Outcome.CONTENDED) {
                    return outcome;
                }
            }
        }
        return Outcome.CONTENDED;
    }

    private Outcome sell(Purchase purchase, String token) {
        Object stock = redis.eval(FENCED_READ, List.of(fence, keys.stock()), List.of(token));
        if (stock == null) {
            return Outcome.NO_SUCH_SALE;
        }
        if (stock.equals("fenced off")) {
            return Outcome.CONTENDED;
        }
        if (Integer.parseInt(stock.toString()) < purchase.quantity()) {
            return Outcome.SOLD_OUT;
        }
        Object written = redis.eval(
                FENCED_WRITE,
                List.of(fence, keys.stock(), keys.orders()),
                List.of(token, String.valueOf(purchase.quantity()), purchase.buyer()));
        return written.equals(1L) ? Outcome.SOLD : Outcome.CONTENDED; // fenced off: a later holder has read
    }

    @Override
    public Books books() {
        return Books.of(redis.get(keys.stock()), redis.hgetAll(keys.orders()));
    }
}
