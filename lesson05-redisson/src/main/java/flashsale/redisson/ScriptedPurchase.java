package flashsale.redisson;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.redisson.api.RScript;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisNoScriptException;
import org.redisson.client.codec.StringCodec;

/**
 * Step 10: lesson 4's script, sent by Redisson. {@code scripted-purchase.lua} checks, takes the units and records the
 * order in one step, and does so once for each request id.
 *
 * <p><b>Why it holds.</b> Redis runs a script as one command. Proved for two and three buyers, with crashes, with a
 * script cache that is emptied and a reply that is lost at any point.
 *
 * <p><b>Why the request id.</b> If a reply is lost, Redisson sends the script again, up to four times, and says nothing
 * of it. Without the id that sells again and again.
 *
 * <p>See it: {@code mvn test -pl lesson05-redisson -Dtest=ScriptedPurchaseTest}
 */
public final class ScriptedPurchase implements FlashSale {

    static final Script SCRIPT = Script.in("scripted-purchase.lua");

    /** Longer than anybody repeats a request. */
    private static final Duration REMEMBERED = Duration.ofDays(1);

    private final RedissonClient redisson;
    private final SaleKeys keys;
    private final String limit;

    /** @param limit the most units that one buyer may hold, from 1, or empty if there is no limit */
    public ScriptedPurchase(RedissonClient redisson, String item, OptionalInt limit) {
        this.redisson = redisson;
        this.keys = new SaleKeys(item);
        this.limit = limit.isPresent() ? String.valueOf(limit.getAsInt()) : "none";
    }

    @Override
    public void open(int stock) {
        redisson.getAtomicLong(keys.stock()).set(SaleKeys.checkStock(stock));
        redisson.getKeys().delete(keys.orders());
        redisson.getKeys().deleteByPattern(keys.pattern("request:"));
        redisson.getScript(StringCodec.INSTANCE).scriptLoad(SCRIPT.text());
    }

    @Override
    public Outcome buy(Purchase purchase) {
        RScript scripts = redisson.getScript(StringCodec.INSTANCE);
        List<Object> itsKeys = List.of(keys.stock(), keys.orders(), keys.key("request:" + purchase.requestId()));
        Object[] args = {
            purchase.buyer(), String.valueOf(purchase.quantity()), limit, String.valueOf(REMEMBERED.toMillis())
        };
        String outcome;
        try {
            outcome = scripts.evalSha(Mode.READ_WRITE, SCRIPT.sha(), ReturnType.VALUE, itsKeys, args);
        } catch (RedisNoScriptException notInTheCache) {
            outcome = scripts.eval(Mode.READ_WRITE, SCRIPT.text(), ReturnType.VALUE, itsKeys, args);
        }
        return Outcome.valueOf(outcome);
    }

    @Override
    public Books books() {
        return Books.of(
                redisson.<String>getBucket(keys.stock(), StringCodec.INSTANCE).get(),
                redisson.<String, String>getMap(keys.orders(), StringCodec.INSTANCE)
                        .readAllMap());
    }
}
