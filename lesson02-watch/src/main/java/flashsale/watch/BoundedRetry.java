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

/**
 * Step 8: as step 7, but only so many attempts, with a pause between them that grows and is random, so that those who
 * met once come back at different times. It never oversells: the attempts are those of step 7, only fewer.
 *
 * <p><b>What it costs.</b> Whoever has used up the attempts is told {@code CONTENDED}, and units may remain. As many
 * attempts as there are buyers are always enough, since each failed one is another buyer's success.
 *
 * <p>See it: {@code mvn test -pl lesson02-watch -Dtest=BoundedRetryTest}
 */
public final class BoundedRetry implements FlashSale {

    private static final long FIRST_PAUSE_MILLIS = 2;
    private static final int MOST_DOUBLINGS = 6;

    private final UnifiedJedis redis;
    private final SaleKeys keys;
    private final int attempts;
    private final Sleeper sleeper;

    /** @param attempts how often to try, from 1 */
    public BoundedRetry(UnifiedJedis redis, String item, int attempts, Sleeper sleeper) {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts is " + attempts + ", but must be a whole number from 1");
        }
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
            } // the connection goes back to the pool before the pause
        }
        return Outcome.CONTENDED;
    }

    @Override
    public Books books() {
        return Books.of(redis.get(keys.stock()), redis.hgetAll(keys.orders()));
    }
}
