package flashsale.explore;

import flashsale.sale.Verdict;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a lesson says of one step in one scenario: that some verdicts occur, or that none does.
 *
 * @param step the step
 * @param scenario the scenario
 * @param exposes the verdicts that occur in at least one schedule, and no others do but those that the scenario allows;
 *     empty if the lesson claims a proof
 * @param counted whether every schedule is to be run, so that the numbers are shares; never so for a proof
 */
public record Claim(Step step, Scenario scenario, Set<Verdict> exposes, boolean counted) {

    /** Copies the set, in the order of {@link Verdict}. */
    public Claim {
        EnumSet<Verdict> ordered = EnumSet.noneOf(Verdict.class);
        ordered.addAll(exposes);
        exposes = Collections.unmodifiableSet(ordered);
    }

    /** The lesson says: in some schedule, this goes wrong. */
    public static Claim exposed(Step step, Scenario scenario, Verdict... verdicts) {
        if (verdicts.length == 0) {
            throw new IllegalArgumentException("a claim that exposes names at least one verdict");
        }
        return new Claim(step, scenario, Set.copyOf(Arrays.asList(verdicts)), true);
    }

    /** The same claim, searched as a proof is: where there are too many schedules to run them all. */
    public Claim withoutCounting() {
        return new Claim(step, scenario, exposes, false);
    }

    /** The lesson says: in no schedule does anything go wrong that the scenario does not allow. */
    public static Claim proved(Step step, Scenario scenario) {
        return new Claim(step, scenario, Set.of(), false);
    }

    /** Whether the lesson claims a proof. */
    public boolean claimsProof() {
        return exposes.isEmpty();
    }

    /** Whether what was explored is what the lesson says. A capped or unfinished exploration proves nothing. */
    public boolean holds(Exploration exploration) {
        return claimsProof()
                ? exploration.proved()
                : exploration.complete() && exploration.unexpected().equals(exposes);
    }

    @Override
    public String toString() {
        return step.name() + ", " + scenario.name();
    }
}
