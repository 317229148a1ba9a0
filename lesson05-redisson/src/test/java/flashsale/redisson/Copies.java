package flashsale.redisson;

import flashsale.explore.Step;
import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleContext;
import flashsale.sale.SaleKeys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.redisson.api.BatchOptions;
import org.redisson.api.BatchOptions.ExecutionMode;
import org.redisson.api.RBatch;
import org.redisson.api.RPermitExpirableSemaphore;
import org.redisson.api.RScript;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;
import org.redisson.api.RSemaphore;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisNoScriptException;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.codec.StringCodec;

/** Steps of this lesson with a protection removed: each has to fail the proof of the step that it is a copy of. */
final class Copies {

    private Copies() {}

    /** The permits are counted, and then taken whether they are still there or not. */
    static final Step PERMITS_COUNTED_FIRST =
            copy(shop -> new SemaphoreStock(redisson(shop), shop.item()), (sale, purchase) -> {
                RSemaphore units = sale.redisson.getSemaphore(sale.keys.stock());
                if (units.availablePermits() < purchase.quantity()) {
                    return Outcome.SOLD_OUT;
                }
                units.addPermits(-purchase.quantity());
                return sale.record(purchase);
            });

    /** Two commands, sent together, but not as a transaction. */
    static final Step BATCH_NOT_ATOMIC =
            copy(shop -> new AtomicBatch(redisson(shop), shop.item()), (sale, purchase) -> {
                if (sale.redisson.getAtomicLong(sale.keys.stock()).get() < purchase.quantity()) {
                    return Outcome.SOLD_OUT;
                }
                RBatch batch =
                        sale.redisson.createBatch(BatchOptions.defaults().executionMode(ExecutionMode.IN_MEMORY));
                batch.getAtomicLong(sale.keys.stock()).addAndGetAsync(-purchase.quantity());
                batch.<String, Integer>getMap(sale.keys.orders(), StringCodec.INSTANCE)
                        .addAndGetAsync(purchase.buyer(), purchase.quantity());
                batch.execute();
                return Outcome.SOLD;
            });

    // ---- permits ----

    /** The script records without looking whether the permits still stand. */
    static final Step CONFIRMED_BLINDLY = permits(
            ExpirablePermitStock.CONFIRM
                    .text()
                    .replace("if not redis.call('ZSCORE', KEYS[1], ARGV[i]) then", "if false then"),
            Outcome.CONTENDED,
            true);

    /** Permits that never end. */
    static final Step RESERVED_FOR_EVER = permits(ExpirablePermitStock.CONFIRM.text(), Outcome.CONTENDED, false);

    /** Whoever comes while a unit is reserved is told that it is sold. */
    static final Step RESERVED_IS_SOLD_OUT = permits(ExpirablePermitStock.CONFIRM.text(), Outcome.SOLD_OUT, true);

    private static Step permits(String confirm, Outcome reserved, boolean end) {
        return copy(
                shop -> new ExpirablePermitStock(redisson(shop), shop.item(), Duration.ofMinutes(10)),
                (sale, purchase) -> {
                    RPermitExpirableSemaphore units = sale.redisson.getPermitExpirableSemaphore(sale.keys.stock());
                    List<String> permits = end
                            ? units.tryAcquire(purchase.quantity(), 0, 600, TimeUnit.SECONDS)
                            : units.tryAcquire(purchase.quantity());
                    if (permits.isEmpty()) {
                        return units.getPermits() >= purchase.quantity() ? reserved : Outcome.SOLD_OUT;
                    }
                    List<Object> args = new ArrayList<>(List.of(purchase.buyer().getBytes(StandardCharsets.UTF_8)));
                    permits.forEach(permit -> args.add(HexFormat.of().parseHex(permit)));
                    byte[] outcome = sale.redisson
                            .getScript(ByteArrayCodec.INSTANCE)
                            .eval(
                                    Mode.READ_WRITE,
                                    confirm,
                                    ReturnType.VALUE,
                                    List.of(sale.keys.key("stock:timeout"), sale.keys.orders()),
                                    args.toArray());
                    return Outcome.valueOf(new String(outcome, StandardCharsets.UTF_8));
                });
    }

    // ---- the script ----

    /** Sells whatever is left. */
    static final Step STOCK_IGNORED = script(text -> text.replace("stock < quantity", "false"), true);

    /** Sells again to whoever repeats a request. */
    static final Step ID_IGNORED = script(text -> text.replace("if first then", "if false then"), true);

    /** Does not bring the script where it is missing. */
    static final Step WITHOUT_RECOVERY = script(text -> text, false);

    private static Step script(Function<String, String> edit, boolean recovers) {
        Script script = Script.of(edit.apply(ScriptedPurchase.SCRIPT.text()));
        return copy(shop -> new ScriptedPurchase(redisson(shop), shop.item(), shop.limit()), (sale, purchase) -> {
            RScript scripts = sale.redisson.getScript(StringCodec.INSTANCE);
            List<Object> keys =
                    List.of(sale.keys.stock(), sale.keys.orders(), sale.keys.key("request:" + purchase.requestId()));
            Object[] args = {purchase.buyer(), String.valueOf(purchase.quantity()), "none", "86400000"};
            String outcome;
            try {
                outcome = scripts.evalSha(Mode.READ_WRITE, script.sha(), ReturnType.VALUE, keys, args);
            } catch (RedisNoScriptException notInTheCache) {
                if (!recovers) {
                    throw notInTheCache;
                }
                outcome = scripts.eval(Mode.READ_WRITE, script.text(), ReturnType.VALUE, keys, args);
            }
            return Outcome.valueOf(outcome);
        });
    }

    // ---- what all copies share ----

    /** A purchase that differs from the step's own. */
    private interface Buy {
        Outcome buy(Copy sale, Purchase purchase) throws InterruptedException;
    }

    private static RedissonClient redisson(SaleContext shop) {
        return shop.client(RedissonClient.class);
    }

    private static Step copy(Function<SaleContext, FlashSale> original, Buy buy) {
        return new Step("src/test", Copy.class, shop -> new Copy(shop, original.apply(shop), buy));
    }

    /** A step with another purchase; opening and books are the original's. */
    private static final class Copy implements FlashSale {
        private final RedissonClient redisson;
        private final SaleKeys keys;
        private final FlashSale original;
        private final Buy buy;

        Copy(SaleContext shop, FlashSale original, Buy buy) {
            this.redisson = redisson(shop);
            this.keys = new SaleKeys(shop.item());
            this.original = original;
            this.buy = buy;
        }

        Outcome record(Purchase purchase) {
            redisson.<String, Integer>getMap(keys.orders(), StringCodec.INSTANCE)
                    .addAndGet(purchase.buyer(), purchase.quantity());
            return Outcome.SOLD;
        }

        @Override
        public void open(int stock) {
            original.open(stock);
        }

        @Override
        public Outcome buy(Purchase purchase) {
            try {
                return buy.buy(this, purchase);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Books books() {
            return original.books();
        }
    }
}
