package flashsale.lua;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import java.util.List;
import java.util.OptionalInt;
import redis.clients.jedis.UnifiedJedis;

/**
 * Step 2: the whole purchase in one script, {@code atomic-purchase.lua}: is there such a sale, are there units enough,
 * does the limit allow it; then take the units and record the order.
 *
 * <p><b>Why it holds.</b> Redis runs one command at a time, and a script is one command. What it has read is still so
 * when it writes, and nobody sees half of what it did. It checks all that could go wrong before its first write, because
 * nothing undoes a write. Proved for two and three buyers, with crashes, and with a script cache that is emptied at any
 * moment. If the stock is evicted the sale is over, and never begins again.
 *
 * <p><b>What it does not answer.</b> A reply that is lost: was I sold something? See step 3.
 *
 * <p>See it: {@code mvn test -pl lesson04-lua -Dtest=AtomicPurchaseTest}
 */
public final class AtomicPurchase implements FlashSale {

    static final Script SCRIPT = Script.in("atomic-purchase.lua");

    private final UnifiedJedis redis;
    private final SaleKeys keys;
    private final String limit;

    /** @param limit the most units that one buyer may hold, from 1, or empty if there is no limit */
    public AtomicPurchase(UnifiedJedis redis, String item, OptionalInt limit) {
        this.redis = redis;
        this.keys = new SaleKeys(item);
        this.limit = SaleKeys.checkLimit(limit).isPresent() ? String.valueOf(limit.getAsInt()) : "none";
    }

    @Override
    public void open(int stock) {
        redis.set(keys.stock(), String.valueOf(SaleKeys.checkStock(stock)));
        redis.del(keys.orders());
        SCRIPT.load(redis, keys.stock());
    }

    @Override
    public Outcome buy(Purchase purchase) {
        Object outcome = SCRIPT.run(
                redis,
                List.of(keys.stock(), keys.orders()),
                List.of(purchase.buyer(), String.valueOf(purchase.quantity()), limit));
        return Outcome.valueOf(outcome.toString());
    }

    @Override
    public Books books() {
        return Books.of(redis.get(keys.stock()), redis.hgetAll(keys.orders()));
    }
}
