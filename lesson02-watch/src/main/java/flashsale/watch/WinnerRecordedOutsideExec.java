package flashsale.watch;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.UnifiedJedis;

/**
 * Step 6: take the tickets in a transaction, and record who has them when it has succeeded.
 *
 * <p>Only the winner gets to the last line, and as long as every process lives, the books are right.
 *
 * <p><b>What breaks.</b> A process that dies between {@code EXEC} and the record takes its tickets with it: they are
 * neither on sale nor anybody's. The transaction was atomic; the purchase was more than the transaction.
 *
 * <p>See it: {@code mvn test -pl lesson02-watch -Dtest=WinnerRecordedOutsideExecTest}
 */
public final class WinnerRecordedOutsideExec implements FlashSale {

    private final UnifiedJedis redis;
    private final SaleKeys keys;

    public WinnerRecordedOutsideExec(UnifiedJedis redis, String item) {
        this.redis = redis;
        this.keys = new SaleKeys(item);
    }

    @Override
    public void open(int stock) {
        redis.set(keys.stock(), String.valueOf(SaleKeys.checkStock(stock)));
        redis.del(keys.orders());
    }

    @Override
    public Outcome buy(Purchase purchase) {
        while (true) {
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
                if (transaction.exec() != null) {
                    break;
                }
            }
        }
        redis.hincrBy(keys.orders(), purchase.buyer(), purchase.quantity()); // if the process lives that long
        return Outcome.SOLD;
    }

    @Override
    public Books books() {
        return Books.of(redis.get(keys.stock()), redis.hgetAll(keys.orders()));
    }
}
