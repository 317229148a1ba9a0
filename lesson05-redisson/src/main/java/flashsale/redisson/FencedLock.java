package flashsale.redisson;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.redisson.api.RFencedLock;
import org.redisson.api.RScript;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/**
 * Step 5: {@code RFencedLock}. Each grant of the lock comes with a number that only ever grows. The read raises the
 * fence to the reader's number, and the write passes only if the fence still stands there, as in lesson 3.
 *
 * <p><b>Why it holds.</b> Redisson hands out the numbers; it checks none. The two scripts do, each in one atomic step.
 * So a holder who slept too long is refused, whatever the lock says: proved with a pause and with a crash.
 *
 * <p><b>What it rests on.</b> A counter that never goes back. And that lock and number come in one step: {@code lock()}
 * and then {@code getToken()} may give the next holder's number. ({@code lockAndGetToken(lease)} would do it, too, but in
 * Redisson 4.7 drops its lease; hence {@code tryLockAndGetToken}.)
 *
 * <p>See it: {@code mvn test -pl lesson05-redisson -Dtest=FencedLockTest}
 */
public final class FencedLock implements FlashSale {

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

    private final RedissonClient redisson;
    private final SaleKeys keys;

    public FencedLock(RedissonClient redisson, String item) {
        this.redisson = redisson;
        this.keys = new SaleKeys(item);
    }

    @Override
    public void open(int stock) {
        redisson.getAtomicLong(keys.stock()).set(SaleKeys.checkStock(stock));
        redisson.getKeys().delete(keys.orders(), keys.key("lock")); // counter and fence stay: no number comes twice
    }

    @Override
    public Outcome buy(Purchase purchase) {
        RFencedLock lock = redisson.getFencedLock(keys.key("lock"));
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Long token = lock.tryLockAndGetToken(PATIENCE.toSeconds(), LEASE.toSeconds(), TimeUnit.SECONDS);
            if (token == null) {
                return Outcome.CONTENDED;
            }
            try {
                Outcome outcome = sell(purchase, token.toString());
                if (outcome != Outcome.CONTENDED) {
                    return outcome;
                }
            } finally {
                release(lock);
            }
        }
        return Outcome.CONTENDED;
    }

    private static void release(RFencedLock lock) {
        try {
            lock.unlock();
        } catch (IllegalMonitorStateException lost) {
            // The lease ended. Whether the purchase counts, the fence has decided already.
        }
    }

    private Outcome sell(Purchase purchase, String token) {
        RScript script = redisson.getScript(StringCodec.INSTANCE);
        String stock = script.eval(
                Mode.READ_WRITE, FENCED_READ, ReturnType.STRING, List.of(keys.key("fence"), keys.stock()), token);
        if (stock == null) {
            return Outcome.NO_SUCH_SALE;
        }
        if (stock.equals("fenced off")) {
            return Outcome.CONTENDED;
        }
        if (Integer.parseInt(stock) < purchase.quantity()) {
            return Outcome.SOLD_OUT;
        }
        long written = script.eval(
                Mode.READ_WRITE,
                FENCED_WRITE,
                ReturnType.LONG,
                List.of(keys.key("fence"), keys.stock(), keys.orders()),
                token,
                purchase.quantity(),
                purchase.buyer());
        return written == 1 ? Outcome.SOLD : Outcome.CONTENDED; // fenced off: a later holder has read
    }

    @Override
    public Books books() {
        return Books.of(
                redisson.<String>getBucket(keys.stock(), StringCodec.INSTANCE).get(),
                redisson.<String, String>getMap(keys.orders(), StringCodec.INSTANCE)
                        .readAllMap());
    }
}
