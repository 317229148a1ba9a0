package flashsale.naive;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import redis.clients.jedis.UnifiedJedis;

/**
 * Step 1: read the stock, check it, write back what was computed.
 *
 * <p>This is how the problem is usually met first: the code looks right, and alone it is right. The articles that the
 * later lessons reproduce all set out from here.
 *
 * <p><b>What breaks.</b> Two buyers read the same stock before either writes. Both find enough, and both write the same
 * number back, so one ticket is sold twice. Afterwards the stock reads 0, as if nothing had happened.
 *
 * <p>See it: {@code mvn test -pl lesson01-naive -Dtest=ReadThenWriteTest}
 */
public final class ReadThenWrite implements FlashSale {

    private final UnifiedJedis redis;
    private final SaleKeys keys;

    public ReadThenWrite(UnifiedJedis redis, String item) {
        this.redis = redis;
        this.keys = new SaleKeys(item);
    }

    @Override
    public void open(int stock) {
        redis.set(keys.stock(), String.valueOf(SaleKeys.checkStock(stock)));
        redis.del(keys.orders());
    }

    @Override
    public Outcome buy(Purchase purchase) {
        String stock = redis.get(keys.stock());
        if (stock == null) {
            return Outcome.NO_SUCH_SALE;
        }
        int left = Integer.parseInt(stock) - purchase.quantity();
        if (left < 0) {
            return Outcome.SOLD_OUT;
        }
        redis.set(keys.stock(), String.valueOf(left)); // whatever others sold since the GET is overwritten
        redis.hincrBy(keys.orders(), purchase.buyer(), purchase.quantity());
        return Outcome.SOLD;
    }

    @Override
    public Books books() {
        return Books.of(redis.get(keys.stock()), redis.hgetAll(keys.orders()));
    }
}
