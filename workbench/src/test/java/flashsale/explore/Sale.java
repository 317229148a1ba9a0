package flashsale.explore;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleContext;
import flashsale.sale.SaleKeys;
import redis.clients.jedis.UnifiedJedis;

/** A sale for tests: what {@code buy} does is given as a function; the rest is what every step does. */
final class Sale implements FlashSale {

    /** What a purchase does. */
    interface Buy {
        Outcome buy(Sale sale, Purchase purchase);
    }

    final SaleContext shop;
    final UnifiedJedis redis;
    final String stock;
    final String orders;
    final String lock;
    private final Buy buy;

    private Sale(SaleContext shop, Buy buy) {
        SaleKeys keys = new SaleKeys(shop.item());
        this.shop = shop;
        this.redis = shop.redis();
        this.stock = keys.stock();
        this.orders = keys.orders();
        this.lock = keys.key("lock");
        this.buy = buy;
    }

    /** A step of no lesson. */
    static Step step(Buy buy) {
        return new Step("test", Sale.class, shop -> new Sale(shop, buy));
    }

    @Override
    public void open(int units) {
        redis.set(stock, String.valueOf(units));
        redis.del(orders);
    }

    @Override
    public Outcome buy(Purchase purchase) {
        return buy.buy(this, purchase);
    }

    @Override
    public Books books() {
        return Books.of(redis.get(stock), redis.hgetAll(orders));
    }

    /** Units on sale, and 0 if there are none or no sale. */
    int left() {
        String value = redis.get(stock);
        return value == null ? 0 : Integer.parseInt(value);
    }

    /** Writes the order down. */
    Outcome record(Purchase purchase) {
        redis.hincrBy(orders, purchase.buyer(), purchase.quantity());
        return Outcome.SOLD;
    }
}
