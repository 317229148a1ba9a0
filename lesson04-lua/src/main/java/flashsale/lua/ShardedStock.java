package flashsale.lua;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import redis.clients.jedis.UnifiedJedis;

/**
 * Step 7: one hot item, split over several keys. All buyers of one item ask one server, however many a cluster has; so
 * the stock is dealt out to shards whose hash tags differ. Each shard has its own stock and its own orders, in one slot,
 * and one script sells from it. A buyer begins at a shard of their own and goes on to the next where units are lacking.
 *
 * <p><b>Why it holds.</b> A shard never sells more than it was dealt. Only who was refused by every shard is told {@code
 * SOLD_OUT}, and as long as no unit comes back a shard that was empty stays empty. And since one buyer always asks the
 * shards in the same order, what the buyer holds in the exhausted ones can be carried along: so the limit holds, too.
 *
 * <p><b>What breaks.</b> All that is proved for wishes of one unit. Who wants two is refused where two shards have one
 * unit each. And a shard that lacks two units may still sell one, so what was carried along may be out of date.
 *
 * <p>See it: {@code mvn test -pl lesson04-lua -Dtest=ShardedStockTest}
 */
public final class ShardedStock implements FlashSale {

    static final Script SCRIPT = Script.in("buy-from-shard.lua");

    private final UnifiedJedis redis;
    private final List<SaleKeys> shards;
    private final String limit;

    /**
     * @param shards how many keys the stock is split over, from 1
     * @param limit the most units that one buyer may hold, from 1, or empty
     */
    public ShardedStock(UnifiedJedis redis, String item, int shards, OptionalInt limit) {
        if (shards < 1) {
            throw new IllegalArgumentException("shards is " + shards + ", but must be a whole number from 1");
        }
        this.redis = redis;
        this.shards =
                IntStream.range(0, shards).mapToObj(new SaleKeys(item)::shard).toList();
        this.limit = SaleKeys.checkLimit(limit).isPresent() ? String.valueOf(limit.getAsInt()) : "none";
    }

    @Override
    public void open(int stock) {
        SaleKeys.checkStock(stock);
        for (int i = 0; i < shards.size(); i++) {
            SaleKeys shard = shards.get(i);
            int dealt = stock / shards.size() + (i < stock % shards.size() ? 1 : 0);
            redis.del(shard.orders());
            redis.set(shard.stock(), String.valueOf(dealt));
            SCRIPT.load(redis, shard.stock()); // so that the rush does not begin with NOSCRIPT
        }
    }

    @Override
    public Outcome buy(Purchase purchase) {
        int home =
                Math.floorMod(purchase.buyer().hashCode(), shards.size()); // a String's hash is the same in every JVM
        String quantity = String.valueOf(purchase.quantity());
        String held = "0";
        Outcome outcome = Outcome.NO_SUCH_SALE;
        for (int i = 0; i < shards.size(); i++) {
            SaleKeys shard = shards.get((home + i) % shards.size());
            List<String> keys = List.of(shard.stock(), shard.orders());
            List<?> reply = (List<?>) SCRIPT.run(redis, keys, List.of(purchase.buyer(), quantity, limit, held));
            Outcome here = Outcome.valueOf((String) reply.get(0));
            if (here == Outcome.SOLD || here == Outcome.LIMIT_REACHED) {
                return here;
            }
            held = reply.get(1).toString();
            outcome = here == Outcome.SOLD_OUT ? here : outcome;
        }
        return outcome;
    }

    @Override
    public Books books() {
        OptionalInt remaining = OptionalInt.empty(); // as long as no shard has a stock
        Map<String, Integer> orders = new HashMap<>();
        for (SaleKeys shard : shards) {
            Books books = Books.of(redis.get(shard.stock()), redis.hgetAll(shard.orders()));
            if (books.remaining().isPresent()) {
                remaining =
                        OptionalInt.of(remaining.orElse(0) + books.remaining().getAsInt());
            }
            books.orders().forEach((buyer, units) -> orders.merge(buyer, units, Integer::sum));
        }
        return new Books(remaining, orders, Map.of());
    }
}
