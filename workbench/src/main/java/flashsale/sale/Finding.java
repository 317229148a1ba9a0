package flashsale.sale;

/**
 * One verdict on one sale, with its evidence.
 *
 * @param verdict what is wrong
 * @param evidence who and how many, such as {@code 2 sold, 1 existed}
 * @param byFault whether a fault alone destroyed what is missing (an evicted key takes its units with it whatever the
 *     code does), so that the step is not to blame
 */
public record Finding(Verdict verdict, String evidence, boolean byFault) {

    @Override
    public String toString() {
        return verdict + ": " + evidence + (byFault ? " (by the fault)" : "");
    }
}
