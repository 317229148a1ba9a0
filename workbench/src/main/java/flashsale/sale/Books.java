package flashsale.sale;

import java.util.Collections;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * What Redis says about a sale.
 *
 * @param remaining units still on sale; empty if Redis holds no stock for this sale, which is not the same as none left
 * @param orders units recorded as sold and kept, per buyer
 * @param refunded units that were sold and later returned to the stock, per buyer
 */
public record Books(OptionalInt remaining, Map<String, Integer> orders, Map<String, Integer> refunded) {

    /** Copies the maps in the order of the buyers' names, so that equal books print alike. */
    public Books {
        orders = Collections.unmodifiableMap(new TreeMap<>(orders));
        refunded = Collections.unmodifiableMap(new TreeMap<>(refunded));
    }

    /**
     * Books of a sale that knows no refunds, as Redis replies.
     *
     * @param remaining the stock key's value, or null if there is no such key
     * @param orders the orders hash
     * @throws NumberFormatException if a value is not a whole number
     */
    public static Books of(String remaining, Map<String, String> orders) {
        return of(remaining, orders, Map.of());
    }

    /**
     * Books as Redis replies.
     *
     * @param remaining the stock key's value, or null if there is no such key
     * @param orders the orders hash
     * @param refunded a hash from buyer to units that came back
     * @throws NumberFormatException if a value is not a whole number
     */
    public static Books of(String remaining, Map<String, String> orders, Map<String, String> refunded) {
        return new Books(
                remaining == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(remaining)),
                units(orders),
                units(refunded));
    }

    private static Map<String, Integer> units(Map<String, String> hash) {
        Map<String, Integer> units = new TreeMap<>();
        hash.forEach((buyer, count) -> units.put(buyer, Integer.valueOf(count)));
        return units;
    }

    /** All units recorded as sold and kept. */
    public int sold() {
        return orders.values().stream().mapToInt(Integer::intValue).sum();
    }
}
