package flashsale.stage;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import redis.clients.jedis.UnifiedJedis;

/** Only for measuring: a purchase of four commands, whatever the others do. It sells to everybody. */
final class FourCommands implements FlashSale {

    private final UnifiedJedis redis;
    private final SaleKeys keys;

    FourCommands(UnifiedJedis redis, String item) {
        this.redis = redis;
        this.keys = new SaleKeys(item);
    }

    @Override
    public void open(int stock) {
        redis.set(keys.stock(), String.valueOf(stock));
        redis.del(keys.orders());
    }

    @Override
    public Outcome buy(Purchase purchase) {
        redis.get(keys.stock());
        redis.get(keys.key("last"));
        redis.set(keys.key("last"), purchase.buyer());
        redis.rpush(keys.orders(), purchase.buyer());
        return Outcome.SOLD;
    }

    @Override
    public Books books() {
        int stock = Integer.parseInt(redis.get(keys.stock()));
        Map<String, Integer> orders = new TreeMap<>();
        redis.lrange(keys.orders(), 0, -1).forEach(buyer -> orders.merge(buyer, 1, Integer::sum));
        int sold = orders.values().stream().mapToInt(Integer::intValue).sum();
        return new Books(OptionalInt.of(stock - sold), orders, Map.of());
    }
}
