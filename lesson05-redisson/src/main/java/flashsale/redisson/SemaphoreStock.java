package flashsale.redisson;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import org.redisson.api.RSemaphore;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/**
 * Step 6: a semaphore as the stock. A permit is a unit; {@code tryAcquire} takes as many as the buyer wants, or none.
 *
 * <p><b>What it gives.</b> No lock, no waiting, and never an oversell: Redisson's {@code tryAcquire} is a script that
 * compares and decrements, one command for Redis.
 *
 * <p><b>What breaks.</b> The order is a second command. A process that dies between the two has taken a permit that
 * nobody holds and nobody gives back: the unit is gone. A semaphore does not know who has its permits.
 *
 * <p>See it: {@code mvn test -pl lesson05-redisson -Dtest=SemaphoreStockTest}
 */
public final class SemaphoreStock implements FlashSale {

    private final RedissonClient redisson;
    private final SaleKeys keys;

    public SemaphoreStock(RedissonClient redisson, String item) {
        this.redisson = redisson;
        this.keys = new SaleKeys(item);
    }

    @Override
    public void open(int stock) {
        SaleKeys.checkStock(stock);
        redisson.getKeys().delete(keys.stock(), keys.orders());
        redisson.getSemaphore(keys.stock()).trySetPermits(stock);
    }

    @Override
    public Outcome buy(Purchase purchase) {
        RSemaphore units = redisson.getSemaphore(keys.stock());
        if (!units.tryAcquire(purchase.quantity())) {
            return units.isExists() ? Outcome.SOLD_OUT : Outcome.NO_SUCH_SALE;
        }
        redisson.<String, Integer>getMap(keys.orders(), StringCodec.INSTANCE)
                .addAndGet(purchase.buyer(), purchase.quantity()); // whoever dies before this loses the units
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
