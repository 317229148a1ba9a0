package flashsale.lua;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** {@link QueuedPurchase} with one of its protections removed: some of what is proved of that one must fail here. */
final class QueuedPurchaseWithout implements FlashSale {

    /** What is missing. */
    enum Without {
        /** The message is appended by a command of its own, after the script. */
        MESSAGE_IN_THE_SCRIPT,
        /** Each call has a request id of its own, so that a repeat is a new wish. */
        REQUEST_ID,
        /** Nobody counts what a buyer has. */
        LIMIT,
        /** The script sells what is not there. */
        STOCK_CHECK
    }

    private static final String SCRIPT = QueuedPurchase.SCRIPT.text();
    private static final String XADD =
            "redis.call('XADD', KEYS[4], '*', 'request', ARGV[5], 'buyer', ARGV[1], 'quantity', ARGV[2])";

    private final UnifiedJedis redis;
    private final SaleKeys keys;
    private final FlashSale whole;
    private final String limit;
    private final Without missing;

    QueuedPurchaseWithout(UnifiedJedis redis, String item, OptionalInt limit, Without missing) {
        this.redis = redis;
        this.keys = new SaleKeys(item);
        this.whole = new QueuedPurchase(redis, item, limit);
        this.limit = missing == Without.LIMIT || limit.isEmpty() ? "none" : String.valueOf(limit.getAsInt());
        this.missing = missing;
    }

    @Override
    public void open(int stock) {
        whole.open(stock);
    }

    @Override
    public Outcome buy(Purchase purchase) {
        String script = SCRIPT;
        if (missing == Without.MESSAGE_IN_THE_SCRIPT) {
            script = replaced(XADD, "");
        } else if (missing == Without.STOCK_CHECK) {
            script = replaced("if stock < quantity then", "if false then");
        }
        Outcome outcome;
        try {
            outcome = sell(script, purchase, purchase.requestId());
        } catch (JedisConnectionException lost) {
            String again = purchase.requestId() + (missing == Without.REQUEST_ID ? " again" : "");
            outcome = sell(script, purchase, again);
        }
        if (outcome == Outcome.SOLD && missing == Without.MESSAGE_IN_THE_SCRIPT) {
            Map<String, String> message = Map.of(
                    "request", purchase.requestId(),
                    "buyer", purchase.buyer(),
                    "quantity", String.valueOf(purchase.quantity()));
            redis.xadd(keys.key(OrderLog.LOG), StreamEntryID.NEW_ENTRY, message);
        }
        return outcome;
    }

    private static String replaced(String protection, String by) {
        if (!SCRIPT.contains(protection)) {
            throw new AssertionError("not in the script any more: " + protection);
        }
        return SCRIPT.replace(protection, by);
    }

    private Outcome sell(String script, Purchase purchase, String request) {
        String quantity = String.valueOf(purchase.quantity());
        Object outcome = redis.eval(
                script,
                List.of(keys.stock(), keys.orders(), keys.key("request:" + request), keys.key(OrderLog.LOG)),
                List.of(purchase.buyer(), quantity, limit, "60000", request));
        return Outcome.valueOf(outcome.toString());
    }

    @Override
    public Books books() {
        return whole.books();
    }
}
