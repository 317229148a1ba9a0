package flashsale.redisson;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.redisson.api.RFencedLock;
import org.redisson.api.RScript;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/** {@link FencedLock} with one of its protections removed: some of what is proved of that one must fail here. */
final class FencedLockWithout implements FlashSale {

    /** What is missing. */
    enum Without {
        READ_CHECK,
        WRITE_CHECK,
        TOKEN_WITH_THE_LOCK,
        SECOND_ATTEMPT,
        QUIET_RELEASE
    }

    /** Compares with the highest token that has written, as {@code FenceOnWriteOnly} of lesson 3 does. */
    private static final String WRITE_FENCED_BY_WRITES = FencedLock.FENCED_WRITE
            .replace(
                    "redis.call('GET', KEYS[1]) ~= ARGV[1]",
                    "tonumber(redis.call('GET', KEYS[1]) or 0) > tonumber(ARGV[1])")
            .replace("redis.call('DECRBY'", "redis.call('SET', KEYS[1], ARGV[1])\nredis.call('DECRBY'");

    private final RedissonClient redisson;
    private final SaleKeys keys;
    private final Without without;

    FencedLockWithout(RedissonClient redisson, String item, Without without) {
        this.redisson = redisson;
        this.keys = new SaleKeys(item);
        this.without = without;
    }

    @Override
    public void open(int stock) {
        redisson.getAtomicLong(keys.stock()).set(SaleKeys.checkStock(stock));
        redisson.getKeys().delete(keys.orders(), keys.key("lock"));
    }

    @Override
    public Outcome buy(Purchase purchase) {
        RFencedLock lock = redisson.getFencedLock(keys.key("lock"));
        int attempts = without == Without.SECOND_ATTEMPT ? 1 : 3;
        for (int attempt = 0; attempt < attempts; attempt++) {
            String token = token(lock);
            try {
                Outcome outcome = sell(purchase, token);
                if (outcome != Outcome.CONTENDED) {
                    return outcome;
                }
            } finally {
                release(lock);
            }
        }
        return Outcome.CONTENDED;
    }

    private String token(RFencedLock lock) {
        if (without == Without.TOKEN_WITH_THE_LOCK) {
            lock.lock(10, TimeUnit.SECONDS);
            return lock.getToken().toString();
        }
        return lock.tryLockAndGetToken(30, 10, TimeUnit.SECONDS).toString();
    }

    private void release(RFencedLock lock) {
        try {
            lock.unlock();
        } catch (IllegalMonitorStateException lost) {
            if (without == Without.QUIET_RELEASE) {
                throw lost;
            }
        }
    }

    private Outcome sell(Purchase purchase, String token) {
        RScript script = redisson.getScript(StringCodec.INSTANCE);
        String read = without == Without.READ_CHECK ? "return redis.call('GET', KEYS[2])" : FencedLock.FENCED_READ;
        String stock =
                script.eval(Mode.READ_WRITE, read, ReturnType.STRING, List.of(keys.key("fence"), keys.stock()), token);
        if (stock.equals("fenced off")) {
            return Outcome.CONTENDED;
        }
        if (Integer.parseInt(stock) < purchase.quantity()) {
            return Outcome.SOLD_OUT;
        }
        long written = script.eval(
                Mode.READ_WRITE,
                write(),
                ReturnType.LONG,
                List.of(keys.key("fence"), keys.stock(), keys.orders()),
                token,
                purchase.quantity(),
                purchase.buyer());
        return written == 1 ? Outcome.SOLD : Outcome.CONTENDED;
    }

    private String write() {
        return switch (without) {
            case WRITE_CHECK -> FencedLock.FENCED_WRITE.replace("redis.call('GET', KEYS[1]) ~= ARGV[1]", "false");
            case READ_CHECK -> WRITE_FENCED_BY_WRITES;
            default -> FencedLock.FENCED_WRITE;
        };
    }

    @Override
    public Books books() {
        return Books.of(
                redisson.<String>getBucket(keys.stock(), StringCodec.INSTANCE).get(),
                redisson.<String, String>getMap(keys.orders(), StringCodec.INSTANCE)
                        .readAllMap());
    }
}
