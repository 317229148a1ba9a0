package flashsale.watch;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import java.util.List;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Step 5: trust that a transaction in which a command fails is undone, as the article {@code zero-watch-seckill} says of
 * Redis.
 *
 * <p>Here the sale opens with a hash of orders, in which the box office has its own line, and a later version of the
 * purchase appends to a list. Redis accepts the command into the transaction, and finds out at {@code EXEC} that the key
 * holds no list.
 *
 * <p><b>What breaks.</b> Redis does not roll back. The failed command does nothing, and the others stand: the tickets
 * are gone, nobody has them, and the buyer is asked to come again and lose some more.
 *
 * <p>See it: {@code mvn test -pl lesson02-watch -Dtest=NoRollbackTest}
 */
public final class NoRollback implements FlashSale {

    private final UnifiedJedis redis;
    private final SaleKeys keys;

    public NoRollback(UnifiedJedis redis, String item) {
        this.redis = redis;
        this.keys = new SaleKeys(item);
    }

    @Override
    public void open(int stock) {
        redis.set(keys.stock(), String.valueOf(SaleKeys.checkStock(stock)));
        redis.del(keys.orders());
        redis.hset(keys.orders(), "box office", "0");
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
                transaction.rpush(keys.orders(), purchase.buyer()); // WRONGTYPE, but only at EXEC
                List<Object> replies = transaction.exec();
                if (replies != null && replies.get(1) instanceof JedisDataException) {
                    return Outcome.CONTENDED; // "it was rolled back, come again": it was not
                }
                if (replies != null) {
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
