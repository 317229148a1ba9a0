package flashsale.lua;

import flashsale.explore.Step;
import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleContext;
import flashsale.sale.SaleKeys;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import redis.clients.jedis.UnifiedJedis;

/** A sale whose books are read from the log: what the database will hear of. */
final class BooksOfTheLog implements FlashSale {

    private final FlashSale sale;
    private final UnifiedJedis redis;
    private final SaleKeys keys;

    private BooksOfTheLog(FlashSale sale, SaleContext shop) {
        this.sale = sale;
        this.redis = shop.redis();
        this.keys = new SaleKeys(shop.item());
    }

    static Step of(Function<SaleContext, FlashSale> sale) {
        return new Step("src/test", BooksOfTheLog.class, shop -> new BooksOfTheLog(sale.apply(shop), shop));
    }

    @Override
    public void open(int stock) {
        sale.open(stock);
    }

    @Override
    public Outcome buy(Purchase purchase) {
        return sale.buy(purchase);
    }

    @Override
    public Books books() {
        Map<String, Integer> orders = new TreeMap<>();
        redis.xrange(keys.key(OrderLog.LOG), "-", "+")
                .forEach(message -> orders.merge(
                        message.getFields().get("buyer"),
                        Integer.valueOf(message.getFields().get("quantity")),
                        Integer::sum));
        Books books = sale.books();
        return new Books(books.remaining(), orders, books.refunded());
    }
}
