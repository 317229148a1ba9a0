package flashsale.assertions;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.explore.Claim;
import flashsale.explore.Exploration;
import flashsale.explore.Step;
import flashsale.sale.Verdict;

/** The workbook's own assertions, to be imported beside AssertJ's. */
public final class WorkbookAssertions {

    private WorkbookAssertions() {}

    /** Starts an assertion on what came of an exploration. */
    public static ExplorationAssert assertThat(Exploration exploration) {
        return new ExplorationAssert(exploration);
    }

    /**
     * A proof is worth something only if its assertion can fail: here it must, since the step is a copy with the
     * protection removed. Prints nothing.
     *
     * @param copy the step without its protection
     * @param proof what is proved of the step that has it
     * @param verdict what must be found in the same scenario
     */
    public static void assertProofFailsFor(Step copy, Claim proof, Verdict verdict) {
        Exploration unprotected = Workbook.exploreQuietly(Claim.proved(copy, proof.scenario()));

        assertThatThrownBy(
                        () -> assertThat(unprotected).isProved(),
                        "the proof of %s must fail for %s, with %s",
                        proof,
                        copy.name(),
                        verdict)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(verdict.name());
    }
}
