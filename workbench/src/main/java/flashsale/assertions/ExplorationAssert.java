package flashsale.assertions;

import flashsale.explore.Exploration;
import flashsale.sale.Verdict;
import java.util.EnumSet;
import java.util.Set;
import org.assertj.core.api.AbstractAssert;

/** Asserts what came of an exploration: {@code assertThat(explore(claim)).oversells().in(12).of(16)}. */
public final class ExplorationAssert extends AbstractAssert<ExplorationAssert, Exploration> {

    ExplorationAssert(Exploration actual) {
        super(actual, ExplorationAssert.class);
    }

    /** {@link Verdict#OVERSOLD} occurs, and no other verdict does that the scenario does not allow. */
    public Share oversells() {
        return shows(Verdict.OVERSOLD);
    }

    /**
     * This verdict occurs, perhaps together with others that go with it, and no other does that the scenario does not
     * allow. A share that follows holds for each of them.
     */
    public Share shows(Verdict verdict, Verdict... others) {
        isNotNull();
        EnumSet<Verdict> expected = EnumSet.of(verdict, others);
        if (!actual.unexpected().equals(expected)) {
            failWithMessage("expected %s and nothing else in%n  %s%nbut found %s", expected, what(), found());
        }
        return new Share(expected);
    }

    /** In no schedule anything goes wrong that the scenario does not allow, and every schedule was covered. */
    public ExplorationAssert isProved() {
        isNotNull();
        if (!actual.proved()) {
            failWithMessage(
                    "expected a proof of%n  %s%nbut it is %s: found %s, for example %s; %s",
                    what(),
                    actual.result(),
                    found(),
                    actual.counterexample().map(String::valueOf).orElse("none"),
                    actual.coverage());
        }
        return this;
    }

    /** The search ran this many schedules to their end: the same number on every machine, and on every day. */
    public ExplorationAssert byRunning(int schedules) {
        isNotNull();
        if (actual.schedules() != schedules) {
            failWithMessage(
                    "expected %d schedules to be run for%n  %s%nbut there were %d (another number means that the step"
                            + " sends other commands than when they were counted)",
                    schedules, what(), actual.schedules());
        }
        return this;
    }

    private String what() {
        return actual.step().name() + ", " + actual.scenario().name();
    }

    private String found() {
        return actual.verdicts().isEmpty()
                ? "nothing in " + actual.schedules() + " schedules"
                : actual.verdicts() + " in " + actual.schedules() + " schedules";
    }

    /** In how many of how many schedules verdicts occur. */
    public final class Share {

        private final Set<Verdict> verdicts;
        private Integer expected;

        private Share(Set<Verdict> verdicts) {
            this.verdicts = verdicts;
        }

        /** Nobody counted: the search by sleep sets found it among this many schedules that stand for all. */
        public ExplorationAssert byRunning(int schedules) {
            if (actual.mode() != Exploration.Mode.PROVE || !actual.complete()) {
                failWithMessage(
                        "expected a complete search by sleep sets of%n  %s%nbut this was: %s",
                        what(), actual.coverage());
            }
            return ExplorationAssert.this.byRunning(schedules);
        }

        /** In so many schedules; {@link #of} says of how many. */
        public Share in(int schedules) {
            expected = schedules;
            return this;
        }

        /** Of all these schedules, every single one of which was run. */
        public ExplorationAssert of(int all) {
            if (actual.mode() != Exploration.Mode.COUNT || !actual.complete() || actual.cut() > 0) {
                failWithMessage("shares need a complete count of%n  %s%nbut this was: %s", what(), actual.coverage());
            }
            for (Verdict verdict : verdicts) {
                int found = actual.verdicts().get(verdict);
                if (expected == null || found != expected || actual.schedules() != all) {
                    failWithMessage(
                            "expected %s in %s of %d schedules of%n  %s%nbut it is in %d of %d",
                            verdict, expected, all, what(), found, actual.schedules());
                }
            }
            return ExplorationAssert.this;
        }
    }
}
