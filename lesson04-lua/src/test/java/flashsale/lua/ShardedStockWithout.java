package flashsale.lua;

import flashsale.explore.Step;
import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleContext;
import flashsale.sale.SaleKeys;
import java.util.List;
import redis.clients.jedis.UnifiedJedis;

/** {@link ShardedStock} over two shards with one of its protections removed: some of its proofs must fail here. */
final class ShardedStockWithout implements FlashSale {

    /** What is missing. */
    enum Without {
        /** It gives up after the first shard. */
        THE_NEXT_SHARD,
        /** It checks in one command and takes in another. */
        ONE_SCRIPT,
        /** It begins at a shard that the request chooses, not the buyer. */
        A_HOME_OF_THE_BUYER,
        /** It asks each shard as if the buyer held nothing elsewhere. */
        WHAT_IS_HELD_ELSEWHERE,
        /** It trusts that the server knows the script. */
        RECOVERY_FROM_NOSCRIPT,
        /** Each shard gets the whole stock. */
        DEALING_OUT
    }

    private static final String TAKE = """
            -- take
            redis.call('DECRBY', KEYS[1], ARGV[2])
            redis.call('HINCRBY', KEYS[2], ARGV[1], ARGV[2])
            return {'SOLD', 0}
            """;

    private final UnifiedJedis redis;
    private final List<SaleKeys> shards;
    private final String limit;
    private final FlashSale whole;
    private final Without without;

    private ShardedStockWithout(SaleContext shop, Without without) {
        this.redis = shop.redis();
        SaleKeys keys = new SaleKeys(shop.item());
        this.shards = List.of(keys.shard(0), keys.shard(1));
        this.limit = shop.limit().isPresent() ? String.valueOf(shop.limit().getAsInt()) : "none";
        this.whole = new ShardedStock(shop.redis(), shop.item(), 2, shop.limit());
        this.without = without;
    }

    static Step step(Without without) {
        return new Step(
                "src/test",
                ShardedStockWithout.class,
                shop -> new ShardedStockWithout(shop, without),
                LuaLesson.shardedStock(2).stockKeys());
    }

    @Override
    public void open(int stock) {
        whole.open(stock);
        if (without == Without.DEALING_OUT) {
            shards.forEach(shard -> redis.set(shard.stock(), String.valueOf(stock)));
        }
    }

    @Override
    public Outcome buy(Purchase purchase) {
        String chooses = without == Without.A_HOME_OF_THE_BUYER ? purchase.requestId() : purchase.buyer();
        int home = Math.floorMod(chooses.hashCode(), 2);
        String held = "0";
        for (int i = 0; i < (without == Without.THE_NEXT_SHARD ? 1 : 2); i++) {
            SaleKeys shard = shards.get((home + i) % 2);
            List<?> reply = ask(shard, purchase, held);
            Outcome here = Outcome.valueOf((String) reply.get(0));
            if (here != Outcome.SOLD_OUT) {
                return here;
            }
            held = without == Without.WHAT_IS_HELD_ELSEWHERE
                    ? "0"
                    : reply.get(1).toString();
        }
        return Outcome.SOLD_OUT;
    }

    private List<?> ask(SaleKeys shard, Purchase purchase, String held) {
        List<String> keys = List.of(shard.stock(), shard.orders());
        List<String> args = List.of(purchase.buyer(), String.valueOf(purchase.quantity()), limit, held);
        if (without == Without.ONE_SCRIPT) {
            return Integer.parseInt(redis.get(shard.stock())) < purchase.quantity()
                    ? List.of("SOLD_OUT", 0)
                    : (List<?>) redis.eval(TAKE, keys, args);
        } else if (without == Without.RECOVERY_FROM_NOSCRIPT) {
            return (List<?>) redis.evalsha(ShardedStock.SCRIPT.sha(), keys, args);
        }
        return (List<?>) ShardedStock.SCRIPT.run(redis, keys, args);
    }

    @Override
    public Books books() {
        return whole.books();
    }
}
