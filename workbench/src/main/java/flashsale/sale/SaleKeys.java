package flashsale.sale;

import java.util.OptionalInt;

/**
 * The Redis keys of the sale of one item.
 *
 * <p>All of them carry the item as a hash tag, so a Redis Cluster keeps them in one slot and a transaction or a script
 * may touch them together (<a href="https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/">Redis
 * Cluster specification, "Hash tags"</a>).
 *
 * @param item the name of what is sold; not blank, without braces or blanks
 */
public record SaleKeys(String item) {

    /** @throws IllegalArgumentException if the item is blank or holds a brace or a blank */
    public SaleKeys {
        Check.item(item);
    }

    /** The remaining units: a string that holds a whole number. */
    public String stock() {
        return key("stock");
    }

    /** The units sold to each buyer: a hash from buyer to units. */
    public String orders() {
        return key("orders");
    }

    /** Another key of the same sale, in the same slot: {@code sale:{item}:name}. */
    public String key(String name) {
        return "sale:{" + item + "}:" + name;
    }

    /**
     * The keys of one part of a sale that is split over several slots. They carry another hash tag, {@code item-shard},
     * so the parts may lie on different servers of a cluster; what is done to one part can be atomic, and what is done
     * to two cannot.
     *
     * @param shard the number of the part, from 0
     */
    public SaleKeys shard(int shard) {
        return new SaleKeys(item + "-" + Check.atLeast(0, "shard", shard));
    }

    /**
     * A pattern that fits all keys of this sale whose names begin so, for {@code KEYS} and {@code SCAN}.
     *
     * @param beginning how {@link #key}'s names begin, such as {@code bought:}; taken literally, as the item is
     */
    public String pattern(String beginning) {
        return key(beginning).replaceAll("[\\\\*?\\[\\]]", "\\\\$0") + "*";
    }

    /** Opening stock must not be negative. @throws IllegalArgumentException if it is */
    public static int checkStock(int stock) {
        return Check.atLeast(0, "stock", stock);
    }

    /** A limit per buyer, where there is one, is at least one unit. @throws IllegalArgumentException if it is not */
    public static OptionalInt checkLimit(OptionalInt limit) {
        limit.ifPresent(units -> Check.atLeast(1, "limit", units));
        return limit;
    }
}
