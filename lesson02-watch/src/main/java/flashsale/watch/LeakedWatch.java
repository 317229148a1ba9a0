package flashsale.watch;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import java.util.function.Supplier;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.UnifiedJedis;

/**
 * Step 4: borrow a connection, watch, and give it back early because the tickets are sold out.
 *
 * <p><b>What breaks.</b> A watch belongs to the connection, and ends with {@code EXEC}, {@code DISCARD}, {@code UNWATCH}
 * or the connection itself. A pool takes a connection back as it is. If the stock changes later, the next transaction on
 * that connection aborts, whatever it is about, and whoever watches nothing does not expect that: a write is lost
 * without a word. This sale's own books stay right, so no audit of it can notice.
 *
 * <p>See it: {@code mvn test -pl lesson02-watch -Dtest=LeakedWatchTest}
 */
public final class LeakedWatch implements FlashSale {

    private final UnifiedJedis redis;
    private final Supplier<Connection> pool;
    private final SaleKeys keys;

    /** @param pool lends a connection, to be given back with {@code close()}: {@code client.getPool()::getResource} */
    public LeakedWatch(UnifiedJedis redis, Supplier<Connection> pool, String item) {
        this.redis = redis;
        this.pool = pool;
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
            try (Connection connection = pool.get()) {
                @SuppressWarnings("resource") // the mistake: only its close() sends UNWATCH
                Transaction transaction = new Transaction(connection, false);
                transaction.watch(keys.stock());
                String stock = transaction.get(keys.stock()).get();
                if (stock == null) {
                    return Outcome.NO_SUCH_SALE; // here, too
                }
                if (Integer.parseInt(stock) < purchase.quantity()) {
                    return Outcome.SOLD_OUT; // back to the pool, and the watch with it
                }
                transaction.multi();
                transaction.decrBy(keys.stock(), purchase.quantity());
                transaction.hincrBy(keys.orders(), purchase.buyer(), purchase.quantity());
                if (transaction.exec() != null) {
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
