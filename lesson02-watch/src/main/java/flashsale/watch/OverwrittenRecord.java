package flashsale.watch;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import java.util.HashMap;
import java.util.Map;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.UnifiedJedis;

/**
 * Step 3: record what a buyer has bought with {@code SET}, under a key of the buyer's own, as the ticket article
 * ({@code watch-ticket-grab}) does. Its order of commands and its reading of {@code EXEC} are mended here.
 *
 * <p><b>What breaks.</b> {@code SET} replaces. A buyer who comes back pays for a second ticket, and the record of the
 * first is gone. No two buyers have to meet for that.
 *
 * <p>See it: {@code mvn test -pl lesson02-watch -Dtest=OverwrittenRecordTest}
 */
public final class OverwrittenRecord implements FlashSale {

    private static final String BOUGHT = "bought:";

    private final UnifiedJedis redis;
    private final SaleKeys keys;

    public OverwrittenRecord(UnifiedJedis redis, String item) {
        this.redis = redis;
        this.keys = new SaleKeys(item);
    }

    @Override
    public void open(int stock) {
        redis.set(keys.stock(), String.valueOf(SaleKeys.checkStock(stock)));
        redis.keys(keys.pattern(BOUGHT)).forEach(redis::del);
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
                transaction.set( // whatever this buyer bought before is forgotten
                        keys.key(BOUGHT + purchase.buyer()), String.valueOf(purchase.quantity()));
                if (transaction.exec() != null) {
                    return Outcome.SOLD;
                }
            }
        }
    }

    @Override
    public Books books() {
        Map<String, String> orders = new HashMap<>();
        for (String key : redis.keys(keys.pattern(BOUGHT))) {
            orders.put(key.substring(keys.key(BOUGHT).length()), redis.get(key));
        }
        return Books.of(redis.get(keys.stock()), orders);
    }
}
