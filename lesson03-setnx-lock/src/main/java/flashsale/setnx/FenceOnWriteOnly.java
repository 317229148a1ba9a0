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
 * Step 11: a fencing token. Every grant of the lock comes with a number higher than all before, and a write whose number
 * is lower than one that has already written is refused. The lock's value is the number, so it is also the owner's.
 *
 * <p><b>What breaks.</b> The stale write does come too late for the lock, but not for this check: it lands after the
 * next holder has <em>read</em>, and before that one has <em>written</em>. No higher number has written yet, so it
 * passes, and the next holder then writes on the strength of what it read before.
 *
 * <p>See it: {@code mvn test -pl lesson03-setnx-lock -Dtest=FenceOnWriteOnlyTest}
 */
public final class FenceOnWriteOnly implements FlashSale {

    /** Takes the lock and replies a new token, the highest so far; replies nil if somebody else has the lock. */
    static final String LOCK_WITH_TOKEN = """
            -- lock with token
            if redis.call('EXISTS', KEYS[1]) == 1 then
              return false
            end
            local token = redis.call('INCR', KEYS[2])
            redis.call('SET', KEYS[1], token, 'PX', ARGV[1])
            return token
            """;

    private static final String FENCED_WRITE = """
            -- fenced write
            if tonumber(redis.call('GET', KEYS[1]) or 0) > tonumber(ARGV[1]) then
              return 0
            end
            redis.call('SET', KEYS[1], ARGV[1])
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

    public FenceOnWriteOnly(UnifiedJedis redis, String item, InstantSource clock, Sleeper sleeper) {
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
            Object won = wait.untilNotNull(() -> redis.eval(LOCK_WITH_TOKEN, List.of(lock, tokens), lease));
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
        String stock = redis.get(keys.stock());
        if (stock == null) {
            return Outcome.NO_SUCH_SALE;
        }
        if (Integer.parseInt(stock) < purchase.quantity()) {
            return Outcome.SOLD_OUT;
        }
        Object written = redis.eval(
                FENCED_WRITE,
                List.of(fence, keys.stock(), keys.orders()),
                List.of(token, String.valueOf(purchase.quantity()), purchase.buyer()));
        return written.equals(1L) ? Outcome.SOLD : Outcome.CONTENDED; // fenced off: a later holder has written
    }

    @Override
    public Books books() {
        return Books.of(redis.get(keys.stock()), redis.hgetAll(keys.orders()));
    }
}
