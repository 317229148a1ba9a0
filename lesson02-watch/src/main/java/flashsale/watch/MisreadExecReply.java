package flashsale.watch;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.UnifiedJedis;

/**
 * Step 2: take the second reply of {@code EXEC} for an error. The ticket article ({@code watch-ticket-grab}) does, beside
 * its order of commands, which is mended here.
 *
 * <p><b>What breaks.</b> {@code EXEC} answers with one reply for each queued command, and the second is the {@code OK}
 * of the {@code SET}. Whoever waits for it to be empty believes that every success failed, and goes round again: one
 * call of one buyer takes every ticket, records one purchase, and ends with "sold out".
 *
 * <p>See it: {@code mvn test -pl lesson02-watch -Dtest=MisreadExecReplyTest}
 */
public final class MisreadExecReply implements FlashSale {

    private static final String BOUGHT = "bought:";

    private final UnifiedJedis redis;
    private final SaleKeys keys;

    public MisreadExecReply(UnifiedJedis redis, String item) {
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
                transaction.set(keys.key(BOUGHT + purchase.buyer()), String.valueOf(purchase.quantity()));
                List<Object> replies = transaction.exec();
                if (replies != null && replies.get(1) == null) { // never: this is the SET's OK, and no error
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
