package flashsale.redisson;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import org.redisson.api.BatchOptions;
import org.redisson.api.BatchOptions.ExecutionMode;
import org.redisson.api.RBatch;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/**
 * Step 9: a batch in atomic mode. Redisson keeps its commands in memory and sends them as one {@code MULTI} …
 * {@code EXEC}: all of them are executed, and nobody's command in between.
 *
 * <p><b>What it gives.</b> Stock and order are written together: a crash loses nothing.
 *
 * <p><b>What breaks.</b> Nothing in a batch can depend on what another command of it replies: the replies come after all
 * is done. So the stock is read before, and what was read may be old when the batch comes: it oversells. Redisson's
 * batch has no {@code WATCH}, either, which is how lesson 2 mends that.
 *
 * <p>See it: {@code mvn test -pl lesson05-redisson -Dtest=AtomicBatchTest}
 */
public final class AtomicBatch implements FlashSale {

    private final RedissonClient redisson;
    private final SaleKeys keys;

    public AtomicBatch(RedissonClient redisson, String item) {
        this.redisson = redisson;
        this.keys = new SaleKeys(item);
    }

    @Override
    public void open(int stock) {
        redisson.getAtomicLong(keys.stock()).set(SaleKeys.checkStock(stock));
        redisson.getKeys().delete(keys.orders());
    }

    @Override
    public Outcome buy(Purchase purchase) {
        String stock =
                redisson.<String>getBucket(keys.stock(), StringCodec.INSTANCE).get();
        if (stock == null) {
            return Outcome.NO_SUCH_SALE;
        }
        if (Integer.parseInt(stock) < purchase.quantity()) {
            return Outcome.SOLD_OUT;
        }
        RBatch batch = redisson.createBatch(BatchOptions.defaults().executionMode(ExecutionMode.IN_MEMORY_ATOMIC));
        batch.getAtomicLong(keys.stock()).addAndGetAsync(-purchase.quantity());
        batch.<String, Integer>getMap(keys.orders(), StringCodec.INSTANCE)
                .addAndGetAsync(purchase.buyer(), purchase.quantity());
        batch.execute();
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
