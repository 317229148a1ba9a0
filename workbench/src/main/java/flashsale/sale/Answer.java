package flashsale.sale;

/** How a purchase ended for the buyer who made it. */
public sealed interface Answer {

    /** The buyer was told an outcome. */
    record Told(Outcome outcome) implements Answer {}

    /** The purchase threw, and no fault had hit this buyer. */
    record Threw(String error) implements Answer {}

    /** Nobody can say: the buyer crashed, was stopped at the cap on attempts, or lost the last reply. */
    record Unknown(String why) implements Answer {}

    /** The call never returns: it waits for what nobody will do any more. */
    record NeverReturned(String waitingFor) implements Answer {}
}
