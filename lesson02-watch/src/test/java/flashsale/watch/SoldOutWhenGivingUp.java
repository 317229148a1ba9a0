package flashsale.watch;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import flashsale.sale.Sleeper;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.UnifiedJedis;

/** {@link BoundedRetry} that says {@code SOLD_OUT} when it gives up: what is shown of that one must fail here. */
final class SoldOutWhenGivingUp implements FlashSale {

    private static final long FIRST_PAUSE_MILLIS = 2;
    private static final int MOST_DOUBLINGS = 6;

    private final UnifiedJedis redis;
    private final SaleKeys keys;
    private final int attempts;
    private final Sleeper sleeper;

    SoldOutWhenGivingUp(UnifiedJedis redis, String item, int attempts, Sleeper sleeper) {
        this.redis = redis;
        this.keys = new SaleKeys(item);
        this.attempts = attempts;
        this.sleeper = sleeper;
    }

    @Override
    public void open(int stock) {
        redis.set(keys.stock(), String.valueOf(SaleKeys.checkStock(stock)));
        redis.del(keys.orders());
    }

    @Override
    public Outcome buy(Purchase purchase) {
        for (int failed = 0; failed < attempts; failed++) {
            if (failed > 0) {
                long most = FIRST_PAUSE_MILLIS << Math.min(failed, MOST_DOUBLINGS);
                sleeper.sleep(Duration.ofMillis(ThreadLocalRandom.current().nextLong(most + 1)));
            }
            try (AbstractTransaction transaction = redis.transaction(false)) {
                transaction.watch(keys.stock());
                String stock = transaction.get(keys.stock()).get();
                if (stock == null) {
                    return Outcome.NO_SUCH_SALE;
                }
                if (Integer.parseInt(stock) < purchase.quantity()) {
                    return Outcome.SOLD_OUT;
                }
                transaction.multi();
                transaction.decrBy(keys.stock(), purchase.quantity());
                transaction.hincrBy(keys.orders(), purchase.buyer(), purchase.quantity());
                if (transaction.exec() != null) {
                    return Outcome.SOLD;
                }
            }
        }
        return Outcome.SOLD_OUT;
    }

    @Override
    public Books books() {
        return Books.of(redis.get(keys.stock()), redis.hgetAll(keys.orders()));
    }
}
