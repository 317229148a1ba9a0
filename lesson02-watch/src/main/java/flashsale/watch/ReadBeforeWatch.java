package flashsale.watch;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.UnifiedJedis;

/**
 * Step 1: read the stock, then watch it, then sell in a transaction. The order of commands is that of the ticket
 * article ({@code watch-ticket-grab}).
 *
 * <p><b>What breaks.</b> {@code WATCH} guards from the moment when Redis gets it. What was read before that may be old
 * already, and nothing will notice: between the read and the watch another buyer takes the last ticket, and {@code EXEC}
 * sells it again.
 *
 * <p>See it: {@code mvn test -pl lesson02-watch -Dtest=ReadBeforeWatchTest}
 */
public final class ReadBeforeWatch implements FlashSale {

    private final UnifiedJedis redis;
    private final SaleKeys keys;

    public ReadBeforeWatch(UnifiedJedis redis, String item) {
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
            String stock = redis.get(keys.stock()); // nobody watches yet
            if (stock == null) {
                return Outcome.NO_SUCH_SALE;
            }
            if (Integer.parseInt(stock) < purchase.quantity()) {
                return Outcome.SOLD_OUT;
            }
            try (AbstractTransaction transaction = redis.transaction(false)) {
                transaction.watch(keys.stock()); // too late for what was decided above
                transaction.multi();
                transaction.decrBy(keys.stock(), purchase.quantity());
                transaction.hincrBy(keys.orders(), purchase.buyer(), purchase.quantity());
                if (transaction.exec() != null) { // null: somebody wrote the stock after the WATCH
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
