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

/** {@link FencedPurchase} with one of its protections removed: some of what is proved of that one must fail here. */
final class FencedPurchaseWithout implements FlashSale {

    /** What is missing. */
    enum Without {
        NOTHING,
        READ_CHECK,
        WRITE_CHECK,
        SECOND_ATTEMPT,
        LEASE,
        LOCK
    }

    private final UnifiedJedis redis;
    private final SaleKeys keys;
    private final LockWait wait;
    private final Without without;

    FencedPurchaseWithout(UnifiedJedis redis, String item, InstantSource clock, Sleeper sleeper, Without without) {
        this.redis = redis;
        this.keys = new SaleKeys(item);
        this.wait = new LockWait(clock, sleeper, Duration.ofSeconds(30));
        this.without = without;
    }

    @Override
    public void open(int stock) {
        redis.set(keys.stock(), String.valueOf(SaleKeys.checkStock(stock)));
        redis.del(keys.orders(), keys.key("lock"));
    }

    @Override
    public Outcome buy(Purchase purchase) {
        int attempts = without == Without.SECOND_ATTEMPT ? 1 : 3;
        for (int attempt = 0; attempt < attempts; attempt++) {
            Object token = wait.untilNotNull(this::token);
            if (token == null) {
                return Outcome.CONTENDED;
            }
            HeldLock held = () -> release(token.toString());
            try (held) {
                Outcome outcome = sell(purchase, token.toString());
                if (outcome != Outcome.CONTENDED) {
                    return outcome;
                }
            }
        }
        return Outcome.CONTENDED;
    }

    private Object token() {
        if (without == Without.LOCK) {
            return redis.incr(keys.key("tokens"));
        }
        String script = without == Without.LEASE
                ? FenceOnWriteOnly.LOCK_WITH_TOKEN.replace(", 'PX', ARGV[1]", "")
                : FenceOnWriteOnly.LOCK_WITH_TOKEN;
        return redis.eval(script, List.of(keys.key("lock"), keys.key("tokens")), List.of("10000"));
    }

    private void release(String token) {
        if (without != Without.LOCK) {
            redis.eval(CompareAndDelete.DELETE_IF_MINE, List.of(keys.key("lock")), List.of(token));
        }
    }

    private Outcome sell(Purchase purchase, String token) {
        String read = without == Without.READ_CHECK
                ? FencedPurchase.FENCED_READ.replace(
                        "tonumber(redis.call('GET', KEYS[1]) or 0) > tonumber(ARGV[1])", "false")
                : FencedPurchase.FENCED_READ;
        Object stock = redis.eval(read, List.of(keys.key("fence"), keys.stock()), List.of(token));
        if (stock.equals("fenced off")) {
            return Outcome.CONTENDED;
        }
        if (Integer.parseInt(stock.toString()) < purchase.quantity()) {
            return Outcome.SOLD_OUT;
        }
        String write = without == Without.WRITE_CHECK
                ? FencedPurchase.FENCED_WRITE.replace("redis.call('GET', KEYS[1]) ~= ARGV[1]", "false")
                : FencedPurchase.FENCED_WRITE;
        Object written = redis.eval(
                write,
                List.of(keys.key("fence"), keys.stock(), keys.orders()),
                List.of(token, String.valueOf(purchase.quantity()), purchase.buyer()));
        return written.equals(1L) ? Outcome.SOLD : Outcome.CONTENDED;
    }

    @Override
    public Books books() {
        return Books.of(redis.get(keys.stock()), redis.hgetAll(keys.orders()));
    }
}
