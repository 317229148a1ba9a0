package flashsale.lua;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import java.util.List;
import java.util.OptionalInt;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Step 5: step 4 as a Redis Function ({@code purchase-function.lua}; Redis 7.0 or later). It is loaded when the sale
 * opens, and called by its name.
 *
 * <p><b>What is different.</b> A script belongs to the client, and the server caches it as long as it likes. A function
 * belongs to the database: it is saved and replicated with the data, so there is no {@code NOSCRIPT} and nothing to
 * recover from. In exchange it has to be deployed, and its name is one for the whole server.
 *
 * <p><b>Why it holds.</b> As step 4: a function, too, is one command to everybody else.
 *
 * <p>See it: {@code mvn test -pl lesson04-lua -Dtest=PurchaseFunctionTest}
 */
public final class PurchaseFunction implements FlashSale {

    static final String LIBRARY = Script.read("purchase-function.lua");

    private static final int ATTEMPTS = 3;

    private final UnifiedJedis redis;
    private final SaleKeys keys;
    private final String limit;

    /** @param limit the most units that one buyer may hold, from 1, or empty if there is no limit */
    public PurchaseFunction(UnifiedJedis redis, String item, OptionalInt limit) {
        this.redis = redis;
        this.keys = new SaleKeys(item);
        this.limit = SaleKeys.checkLimit(limit).isPresent() ? String.valueOf(limit.getAsInt()) : "none";
    }

    /** @throws IllegalStateException if the server is too old for functions; nothing is on sale then */
    @Override
    public void open(int stock) {
        SaleKeys.checkStock(stock);
        try {
            redis.functionLoadReplace(LIBRARY);
        } catch (JedisDataException refused) {
            if (!refused.getMessage().startsWith("ERR unknown command")) {
                throw refused;
            }
            String version = redis.info("server").replaceAll("(?s).*redis_version:(\\S+).*", "$1");
            throw new IllegalStateException(
                    "functions need Redis 7.0 or later, and this server is Redis " + version
                            + ", which does not know FUNCTION; take IdempotentPurchase, which does the same by a script",
                    refused);
        }
        redis.set(keys.stock(), String.valueOf(stock));
        redis.del(keys.orders());
        redis.keys(keys.pattern("request:")).forEach(redis::del); // answers of an earlier sale are none of this one's
    }

    @Override
    public Outcome buy(Purchase purchase) {
        String request = keys.key("request:" + purchase.requestId());
        String remembered = String.valueOf(IdempotentPurchase.REMEMBERED.toMillis());
        for (int attempt = 1; ; attempt++) {
            try {
                Object outcome = redis.fcall(
                        "flashsale_purchase",
                        List.of(keys.stock(), keys.orders(), request),
                        List.of(purchase.buyer(), String.valueOf(purchase.quantity()), limit, remembered));
                return Outcome.valueOf(outcome.toString());
            } catch (JedisConnectionException lost) {
                if (attempt == ATTEMPTS) {
                    throw lost; // nobody knows, and with the same id the caller may ask again
                }
            }
        }
    }

    @Override
    public Books books() {
        return Books.of(redis.get(keys.stock()), redis.hgetAll(keys.orders()));
    }
}
