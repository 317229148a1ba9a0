package flashsale.sale;

/**
 * One wish of one buyer.
 *
 * @param buyer who wants to buy; not blank
 * @param quantity how many units, at least 1; a purchase is granted whole or not at all
 * @param requestId the idempotency key: a client that repeats a purchase repeats its request id; not blank
 */
public record Purchase(String buyer, int quantity, String requestId) {

    /** @throws IllegalArgumentException if a field is blank or the quantity is below 1 */
    public Purchase {
        Check.notBlank("buyer", buyer);
        Check.atLeast(1, "quantity", quantity);
        Check.notBlank("requestId", requestId);
    }
}
