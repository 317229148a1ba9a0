package flashsale.lua;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.UnifiedJedis;

/**
 * Step 1: check and take in one Lua script, as the article {@code lua-seckill} does it. A unit at a time, and buyers are
 * numbers.
 *
 * <p><b>What holds.</b> No other command runs between the script's commands, so two buyers never take one unit.
 *
 * <p><b>What breaks.</b> Who finds no stock begins the sale: evict the stock of a sale that is sold out, and it is open
 * again. Nobody asks whether the buyer has bought before: a second call takes a second unit, and the set of buyers stays
 * as it is. A buyer id that is no number ends the script after its {@code DECR}, which is not undone. And stock below
 * zero is not zero, so it sells on.
 *
 * <p>See it: {@code mvn test -pl lesson04-lua -Dtest=ArticleScriptTest}
 */
public final class ArticleScript implements FlashSale {

    private static final Script SCRIPT = Script.in("article-script.lua");

    private final UnifiedJedis redis;
    private final SaleKeys keys;
    private final String buyers;
    private final int announced;

    /** @param announced how many units this application server believes to be on sale; it says so with every purchase */
    public ArticleScript(UnifiedJedis redis, String item, int announced) {
        this.redis = redis;
        this.keys = new SaleKeys(item);
        this.buyers = keys.key("buyers");
        this.announced = SaleKeys.checkStock(announced);
    }

    /**
     * Only clears what an earlier sale left: the first buyer begins the sale.
     *
     * @throws IllegalArgumentException if the stock is negative, or not what was announced
     */
    @Override
    public void open(int stock) {
        if (SaleKeys.checkStock(stock) != announced) {
            throw new IllegalArgumentException("stock is " + stock + ", but was announced as " + announced);
        }
        redis.del(keys.stock(), buyers);
        SCRIPT.load(redis, keys.stock());
    }

    @Override
    public Outcome buy(Purchase purchase) {
        if (purchase.quantity() != 1) {
            throw new IllegalArgumentException("quantity is " + purchase.quantity() + ", but must be 1");
        }
        Object sold =
                SCRIPT.run(redis, List.of(keys.stock(), buyers), List.of(String.valueOf(announced), purchase.buyer()));
        return sold.equals(1L) ? Outcome.SOLD : Outcome.SOLD_OUT;
    }

    @Override
    public Books books() {
        Map<String, String> orders = new HashMap<>();
        redis.smembers(buyers).forEach(buyer -> orders.put(buyer, "1"));
        return Books.of(redis.get(keys.stock()), orders);
    }
}
