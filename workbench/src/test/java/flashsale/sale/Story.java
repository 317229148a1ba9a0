package flashsale.sale;

import flashsale.sale.SaleRecord.Wish;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/** Writes down one sale for the audit, in few words: what was told, and what the books say. */
final class Story {

    static final String STOCK_KEY = "sale:{concert}:stock";
    static final String ORDERS_KEY = "sale:{concert}:orders";

    private final int stock;
    private final List<Wish> wishes = new ArrayList<>();
    private final Map<String, Integer> orders = new TreeMap<>();
    private final Map<String, Integer> refunded = new TreeMap<>();
    private final Set<String> evicted = new HashSet<>();
    private OptionalInt remaining = OptionalInt.of(0);
    private OptionalInt limit = OptionalInt.empty();
    private Optional<Answer> newcomer = Optional.empty();

    private Story(int stock) {
        this.stock = stock;
    }

    /** So many units went on sale, and none remained. */
    static Story stock(int units) {
        return new Story(units);
    }

    Story limit(int units) {
        limit = OptionalInt.of(units);
        return this;
    }

    Story told(String buyer, int quantity, Outcome outcome) {
        return ended(buyer, quantity, new Answer.Told(outcome));
    }

    Story ended(String buyer, int quantity, Answer answer) {
        return request(buyer + "-" + (wishes.size() + 1), buyer, quantity, answer);
    }

    Story request(String requestId, String buyer, int quantity, Answer answer) {
        wishes.add(new Wish(new Purchase(buyer, quantity, requestId), answer));
        return this;
    }

    Story remaining(int units) {
        remaining = OptionalInt.of(units);
        return this;
    }

    Story noStockKey() {
        remaining = OptionalInt.empty();
        return this;
    }

    Story recorded(String buyer, int units) {
        orders.put(buyer, units);
        return this;
    }

    Story refunded(String buyer, int units) {
        refunded.put(buyer, units);
        return this;
    }

    Story newcomer(Answer answer) {
        newcomer = Optional.of(answer);
        return this;
    }

    Story evicted(String key) {
        evicted.add(key);
        return this;
    }

    /** What the audit says, in words. */
    List<String> findings() {
        return Audit.of(written()).stream().map(Finding::toString).toList();
    }

    SaleRecord written() {
        Books books = new Books(remaining, orders, refunded);
        return new SaleRecord(stock, limit, wishes, books, newcomer, evicted, STOCK_KEY);
    }
}
