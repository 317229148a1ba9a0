package flashsale.stage;

import flashsale.explore.Claim;
import flashsale.explore.Exploration;
import flashsale.report.Matrix;
import flashsale.sale.Verdict;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * What a lesson says, and what the explorer found.
 *
 * @param claim what the lesson says
 * @param exploration what was found
 */
record Result(Claim claim, Exploration exploration) {

    boolean asClaimed() {
        return claim.holds(exploration);
    }

    Matrix.Row row() {
        return new Matrix.Row(exploration, asClaimed());
    }

    /** One line for a claim that does not hold: what was expected, and what came. */
    String contradiction() {
        String expected = claim.claimsProof() ? "a proof" : names(claim.exposes());
        String found = exploration.verdicts().isEmpty()
                ? "no verdict"
                : names(exploration.verdicts().keySet());
        return claim.step().name() + ", " + claim.scenario().name() + ": the lesson claims " + expected
                + ", but the explorer found " + found + " (" + exploration.result() + "; "
                + exploration.coverage() + ")";
    }

    private static String names(Collection<Verdict> verdicts) {
        return verdicts.stream().map(Verdict::name).collect(Collectors.joining(" and "));
    }
}
