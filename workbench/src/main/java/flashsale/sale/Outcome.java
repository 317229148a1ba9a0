package flashsale.sale;

/** What a buyer is told when a purchase returns. */
public enum Outcome {
    /** The units are the buyer's. */
    SOLD,
    /** Fewer units are left than the buyer wants. */
    SOLD_OUT,
    /** The purchase would take the buyer over the limit per buyer. */
    LIMIT_REACHED,
    /** The step gave up under contention; nobody knows whether units are left. */
    CONTENDED,
    /** Nothing is on sale under this name: the sale was never opened, or its stock is gone from Redis. */
    NO_SUCH_SALE
}
