package flashsale.watch;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import java.util.OptionalInt;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.UnifiedJedis;

/**
 * Step 7: watch, then read, then decide, then sell in one transaction; if it aborts, again from the watch.
 *
 * <p><b>Why it holds.</b> Whatever is read after {@code WATCH} is true until {@code EXEC}, or {@code EXEC} does nothing.
 * Stock and order are written together or not at all, so a crash loses neither. With a limit per buyer it is still enough
 * to watch the stock: every purchase changes it, so nobody can add an order unnoticed, as long as the orders are read
 * after the watch, too.
 *
 * <p><b>What it costs.</b> Whoever sells makes all others who are between watch and {@code EXEC} begin again.
 *
 * <p>See it: {@code mvn test -pl lesson02-watch -Dtest=WatchThenReadTest}
 */
public final class WatchThenRead implements FlashSale {

    private final UnifiedJedis redis;
    private final SaleKeys keys;
    private final OptionalInt limit;

    /** @param limit the most units that one buyer may hold, or empty if there is no limit */
    public WatchThenRead(UnifiedJedis redis, String item, OptionalInt limit) {
        this.redis = redis;
        this.keys = new SaleKeys(item);
        this.limit = limit;
    }

    @Override
    public void open(int stock) {
        redis.set(keys.stock(), String.valueOf(SaleKeys.checkStock(stock)));
        redis.del(keys.orders());
    }

    @Override
    public Outcome buy(Purchase purchase) {
        while (true) {
            try (AbstractTransaction transaction = redis.transaction(false)) { // close() ends the watch
                transaction.watch(keys.stock());
                String stock = transaction.get(keys.stock()).get(); // runs at once: MULTI comes later
                if (stock == null) {
                    return Outcome.NO_SUCH_SALE;
                }
                if (Integer.parseInt(stock) < purchase.quantity()) {
                    return Outcome.SOLD_OUT;
                }
                if (limit.isPresent()) {
                    String held =
                            transaction.hget(keys.orders(), purchase.buyer()).get();
                    int units = held == null ? 0 : Integer.parseInt(held);
                    if (units + purchase.quantity() > limit.getAsInt()) {
                        return Outcome.LIMIT_REACHED;
                    }
                }
                transaction.multi();
                transaction.decrBy(keys.stock(), purchase.quantity());
                transaction.hincrBy(keys.orders(), purchase.buyer(), purchase.quantity());
                if (transaction.exec() != null) { // null: the stock was written after the WATCH, and nothing was done
                    return Outcome.SOLD;
                }
            }
        }
    }

    @Override
    public Books books() {
        return Books.of(redis.get(keys.stock()), redis.hgetAll(keys.orders()));
    }
}
