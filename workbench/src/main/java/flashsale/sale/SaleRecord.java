package flashsale.sale;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Everything that the audit looks at: one sale after it is over.
 *
 * @param stock units that the sale opened with
 * @param limit the most units that one buyer may hold, or empty if there is no limit
 * @param wishes every purchase with how it ended
 * @param books what Redis says
 * @param newcomer what became of a newcomer who asked for one unit after everything else; empty if nobody asked
 * @param evicted keys that an eviction destroyed during the sale
 * @param stockKeys the keys that hold the remaining units (one, unless the stock is split), so that their eviction can
 *     be told from another's
 */
public record SaleRecord(
        int stock,
        OptionalInt limit,
        List<Wish> wishes,
        Books books,
        Optional<Answer> newcomer,
        Set<String> evicted,
        Set<String> stockKeys) {

    /** Copies the collections. */
    public SaleRecord {
        wishes = List.copyOf(wishes);
        evicted = Set.copyOf(evicted);
        stockKeys = Set.copyOf(stockKeys);
    }

    /** A sale whose remaining units one key holds. */
    public SaleRecord(
            int stock,
            OptionalInt limit,
            List<Wish> wishes,
            Books books,
            Optional<Answer> newcomer,
            Set<String> evicted,
            String stockKey) {
        this(stock, limit, wishes, books, newcomer, evicted, Set.of(stockKey));
    }

    /** One purchase, with how it ended. */
    public record Wish(Purchase purchase, Answer answer) {}
}
