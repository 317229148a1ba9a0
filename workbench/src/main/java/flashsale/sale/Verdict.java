package flashsale.sale;

/** What an audit finds wrong with one sale after it is over. A correct step ends without any, whatever happened. */
public enum Verdict {
    /** Units promised, or units recorded, exceed the opening stock. */
    OVERSOLD("more units sold than existed"),
    /** Stock went down by more than the recorded orders: units that nobody can ever buy. */
    LOST_STOCK("units gone without an order"),
    /** Units are still on sale although remaining stock and recorded orders together exceed the opening stock. */
    PHANTOM_STOCK("a sold unit is still on sale"),
    /** A buyer was told {@link Outcome#SOLD}, and the books hold less. */
    LOST_ORDER("sold, but not recorded"),
    /** The books hold units that the buyer was never told of. */
    PHANTOM_ORDER("recorded, but the buyer was told no"),
    /** A buyer holds more than the limit. */
    OVER_LIMIT("more than the limit for one buyer"),
    /** A buyer was told {@link Outcome#SOLD_OUT} although what remained at the end covers the wish: a lie. */
    TURNED_AWAY("told sold out while units remained"),
    /** A buyer was told {@link Outcome#CONTENDED} although units remained: honest, but a sale missed. */
    GAVE_UP("gave up while units remained"),
    /** A buyer was told {@link Outcome#LIMIT_REACHED} below the limit. */
    WRONG_LIMIT("refused below the limit"),
    /** {@link FlashSale#buy} threw although no fault hit that buyer. */
    FAILED("the purchase threw"),
    /** A call never returns, or stock remains and a newcomer cannot buy even after every lease has run out. */
    STUCK("nobody can buy any more");

    private final String meaning;

    Verdict(String meaning) {
        this.meaning = meaning;
    }

    /** A few words for a table or a timeline. */
    public String meaning() {
        return meaning;
    }
}
