package flashsale.lua;

import static org.assertj.core.api.Assertions.assertThat;

import flashsale.explore.Step;
import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleContext;
import flashsale.sale.SaleKeys;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * A purchase of this lesson with something taken out of its script, or of what is around it: some of what is proved of
 * the original must fail here.
 */
final class EditedPurchase implements FlashSale {

    /** Sends the purchase to the server: keys, then arguments. */
    private interface Call extends BiFunction<List<String>, List<String>, Object> {}

    private final UnifiedJedis redis;
    private final SaleKeys keys;
    private final String limit;
    private final Runnable load;
    private final Call call;
    private final boolean recordsInACommandOfItsOwn;

    private EditedPurchase(SaleContext shop, Runnable load, Call call, boolean recordsInACommandOfItsOwn) {
        this.redis = shop.redis();
        this.keys = new SaleKeys(shop.item());
        this.limit = shop.limit().isPresent() ? String.valueOf(shop.limit().getAsInt()) : "none";
        this.load = load;
        this.call = call;
        this.recordsInACommandOfItsOwn = recordsInACommandOfItsOwn;
    }

    /** A script that is run as it is in the lesson. */
    static Step script(Script script, String part, String replacement) {
        Script edited = Script.of(edit(script.text(), part, replacement));
        return step(shop -> new EditedPurchase(
                shop,
                () -> edited.load(shop.redis(), "any"),
                (names, words) -> edited.run(shop.redis(), names, words),
                false));
    }

    /** The order is recorded by the client, when the script has taken the units. */
    static Step recordedByTheClient() {
        Script edited =
                Script.of(edit(AtomicPurchase.SCRIPT.text(), "redis.call('HINCRBY', KEYS[2], ARGV[1], ARGV[2])", ""));
        return step(shop -> new EditedPurchase(
                shop,
                () -> edited.load(shop.redis(), "any"),
                (names, words) -> edited.run(shop.redis(), names, words),
                true));
    }

    /** {@code EVALSHA}, and no thought of an empty cache. */
    static Step withoutRecovery() {
        Script script = AtomicPurchase.SCRIPT;
        return step(shop -> new EditedPurchase(
                shop,
                () -> script.load(shop.redis(), "any"),
                (names, words) -> shop.redis().evalsha(script.sha(), names, words),
                false));
    }

    /** The function, under a name of its own so that it does not get in the way of the lesson's. */
    static Step function(String part, String replacement) {
        String library = edit(PurchaseFunction.LIBRARY, part, replacement)
                .replace("name=flashsale", "name=edited")
                .replace("flashsale_purchase", "edited_purchase");
        return step(shop -> new EditedPurchase(
                shop,
                () -> shop.redis().functionLoadReplace(library),
                (names, words) -> shop.redis().fcall("edited_purchase", names, words),
                false));
    }

    private static String edit(String text, String part, String replacement) {
        assertThat(text).as("the script that is edited").contains(part);
        return text.replace(part, replacement);
    }

    private static Step step(Function<SaleContext, FlashSale> factory) {
        return new Step("src/test", EditedPurchase.class, factory);
    }

    @Override
    public void open(int stock) {
        redis.set(keys.stock(), String.valueOf(SaleKeys.checkStock(stock)));
        redis.del(keys.orders());
        redis.keys(keys.pattern("request:")).forEach(redis::del);
        load.run();
    }

    @Override
    public Outcome buy(Purchase purchase) {
        List<String> names = List.of(keys.stock(), keys.orders(), keys.key("request:" + purchase.requestId()));
        List<String> words = List.of(purchase.buyer(), String.valueOf(purchase.quantity()), limit, "600000");
        for (int attempt = 1; ; attempt++) {
            try {
                Outcome outcome = Outcome.valueOf(call.apply(names, words).toString());
                if (recordsInACommandOfItsOwn && outcome == Outcome.SOLD) {
                    redis.hincrBy(keys.orders(), purchase.buyer(), purchase.quantity());
                }
                return outcome;
            } catch (JedisConnectionException lost) {
                if (attempt == 3) {
                    throw lost;
                }
            }
        }
    }

    @Override
    public Books books() {
        return Books.of(redis.get(keys.stock()), redis.hgetAll(keys.orders()));
    }
}
