package flashsale.sale;

/** Sells a limited stock to many buyers at once. Every step of every lesson is one implementation. */
public interface FlashSale {

    /**
     * Puts units on sale and clears what an earlier sale of the same item left.
     *
     * @param stock how many units, from 0
     * @throws IllegalArgumentException if the stock is negative; nothing is sent to Redis then
     */
    void open(int stock);

    /**
     * Tries to buy. Returns when the buyer has an answer; a step that waits has a deadline.
     *
     * @return what the buyer is told
     */
    Outcome buy(Purchase purchase);

    /** Reads the remaining stock and what was recorded per buyer. Changes nothing. */
    Books books();
}
