package flashsale.redisson;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.redisson.api.BatchOptions;
import org.redisson.api.BatchOptions.ExecutionMode;
import org.redisson.api.RBatch;
import org.redisson.api.RPermitExpirableSemaphore;
import org.redisson.api.RScoredSortedSet;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.codec.StringCodec;

/**
 * Step 7: a reservation that returns by itself. The buyer takes permits that end, pays, looks whether the permits still
 * stand, and then records the order.
 *
 * <p><b>What breaks.</b> Between the look and the record the reservation may end. Somebody else gets the unit, and the
 * order is recorded all the same: one unit, two buyers. It is lesson 1's fault again, with a reservation in place of the
 * stock.
 *
 * <p>See it: {@code mvn test -pl lesson05-redisson -Dtest=CheckThenConfirmTest}
 */
public final class CheckThenConfirm implements FlashSale {

    private final RedissonClient redisson;
    private final SaleKeys keys;
    private final Duration timeToPay;

    /** @param timeToPay for how long a unit is kept for a buyer who has not paid yet; whole milliseconds, from 1 */
    public CheckThenConfirm(RedissonClient redisson, String item, Duration timeToPay) {
        if (timeToPay.toMillis() < 1) {
            throw new IllegalArgumentException("timeToPay is " + timeToPay + ", but must be at least a millisecond");
        }
        this.redisson = redisson;
        this.keys = new SaleKeys(item);
        this.timeToPay = timeToPay;
    }

    @Override
    public void open(int stock) {
        SaleKeys.checkStock(stock);
        RPermitExpirableSemaphore units = redisson.getPermitExpirableSemaphore(keys.stock());
        units.delete();
        redisson.getKeys().delete(keys.orders());
        units.trySetPermits(stock);
    }

    @Override
    public Outcome buy(Purchase purchase) {
        RPermitExpirableSemaphore units = redisson.getPermitExpirableSemaphore(keys.stock());
        List<String> permits = reserve(units, purchase.quantity());
        if (permits.isEmpty()) {
            return whyNot(units, purchase);
        }
        // Here the buyer pays. That may take longer than timeToPay.
        List<byte[]> ids = permits.stream().map(HexFormat.of()::parseHex).toList();
        RScoredSortedSet<byte[]> reserved =
                redisson.getScoredSortedSet(keys.key("stock:timeout"), ByteArrayCodec.INSTANCE);
        if (!reserved.containsAll(ids)) {
            return Outcome.CONTENDED; // too late
        }
        RBatch both = redisson.createBatch(BatchOptions.defaults().executionMode(ExecutionMode.IN_MEMORY_ATOMIC));
        both.<byte[]>getScoredSortedSet(keys.key("stock:timeout"), ByteArrayCodec.INSTANCE)
                .removeAllAsync(ids);
        both.<String, Integer>getMap(keys.orders(), StringCodec.INSTANCE)
                .addAndGetAsync(purchase.buyer(), purchase.quantity());
        both.execute();
        return Outcome.SOLD;
    }

    private List<String> reserve(RPermitExpirableSemaphore units, int quantity) {
        try {
            return units.tryAcquire(quantity, 0, timeToPay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while reserving", e);
        }
    }

    /** Sold out is what is sold; what is only reserved may come back. */
    private Outcome whyNot(RPermitExpirableSemaphore units, Purchase purchase) {
        if (units.getPermits() >= purchase.quantity()) {
            return Outcome.CONTENDED;
        }
        return units.isExists() ? Outcome.SOLD_OUT : Outcome.NO_SUCH_SALE;
    }

    @Override
    public Books books() {
        RPermitExpirableSemaphore units = redisson.getPermitExpirableSemaphore(keys.stock());
        return Books.of(
                units.isExists() ? String.valueOf(units.getPermits()) : null, // a unit that is reserved is not sold
                redisson.<String, String>getMap(keys.orders(), StringCodec.INSTANCE)
                        .readAllMap());
    }
}
