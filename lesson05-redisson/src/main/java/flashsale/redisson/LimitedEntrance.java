package flashsale.redisson;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import java.time.Duration;
import org.redisson.api.RRateLimiter;
import org.redisson.api.RateType;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;

/**
 * Step 11: a rate limiter in front of a sale. So many buyers a second are let in; the others are told to come again.
 *
 * <p><b>What it protects.</b> The server: of ten thousand who come at once a hundred a second get in, and whoever is not
 * let in costs one command.
 *
 * <p><b>What it does not protect.</b> The stock. Two who are let in are in at the same time, and what they do there is up
 * to the sale inside: in front of {@link AtomicBatch} it oversells as before, in front of {@link ScriptedPurchase} it is
 * proved.
 *
 * <p>See it: {@code mvn test -pl lesson05-redisson -Dtest=LimitedEntranceTest}
 */
public final class LimitedEntrance implements FlashSale {

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final RedissonClient redisson;
    private final SaleKeys keys;
    private final long buyersPerSecond;
    private final FlashSale inside;

    /**
     * @param buyersPerSecond how many are let in within a second, by all servers together, from 1
     * @param inside the sale
     */
    public LimitedEntrance(RedissonClient redisson, String item, long buyersPerSecond, FlashSale inside) {
        if (buyersPerSecond < 1) {
            throw new IllegalArgumentException("buyersPerSecond is " + buyersPerSecond + ", but must be at least 1");
        }
        this.redisson = redisson;
        this.keys = new SaleKeys(item);
        this.buyersPerSecond = buyersPerSecond;
        this.inside = inside;
    }

    @Override
    public void open(int stock) {
        inside.open(stock);
        RRateLimiter entrance = redisson.getRateLimiter(keys.key("entrance"));
        entrance.delete();
        entrance.trySetRate(RateType.OVERALL, buyersPerSecond, INTERVAL);
    }

    @Override
    public Outcome buy(Purchase purchase) {
        RRateLimiter entrance = redisson.getRateLimiter(keys.key("entrance"));
        try {
            if (!entrance.tryAcquire()) {
                return Outcome.CONTENDED; // come again
            }
        } catch (RedisException refused) {
            if (entrance.isExists()) {
                throw refused;
            }
            return Outcome.NO_SUCH_SALE; // nobody has set a rate
        }
        return inside.buy(purchase);
    }

    @Override
    public Books books() {
        return inside.books();
    }
}
