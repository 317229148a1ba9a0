package flashsale.explore;

import flashsale.sale.Verdict;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What came of exploring one step in one scenario.
 *
 * @param step the step
 * @param scenario the scenario
 * @param mode how it was searched
 * @param schedules schedules that were run to their end and audited
 * @param cut schedules that were given up because another one stands for them
 * @param capped schedules in which a buyer was stopped at the cap on attempts
 * @param finished whether the search came to its end; false if it stopped at the limit on schedules
 * @param verdicts in how many schedules each verdict occurred; shares of all schedules in {@link Mode#COUNT} only
 * @param byFault the same for what a fault alone destroyed, which no step can be blamed for
 * @param shortest for each verdict, the shortest schedule with it that was run: fewest faults, then preemptions, then
 *     choices
 * @param endStates what the buyers were told and what Redis held after each schedule, without repetitions; empty
 *     unless it was asked for
 */
public record Exploration(
        Step step,
        Scenario scenario,
        Mode mode,
        int schedules,
        int cut,
        int capped,
        boolean finished,
        Map<Verdict, Integer> verdicts,
        Map<Verdict, Integer> byFault,
        Map<Verdict, Schedule> shortest,
        Set<String> endStates) {

    /** How schedules are searched. */
    public enum Mode {
        /** Every schedule: its numbers are shares. */
        COUNT,
        /** One schedule of every class of equivalent ones, by sleep sets: its verdicts are all, its numbers no shares. */
        PROVE
    }

    /** Copies the collections. */
    public Exploration {
        verdicts = ordered(verdicts);
        byFault = ordered(byFault);
        shortest = ordered(shortest);
        endStates = Set.copyOf(endStates);
    }

    private static <V> Map<Verdict, V> ordered(Map<Verdict, V> map) {
        EnumMap<Verdict, V> copy = new EnumMap<>(Verdict.class);
        copy.putAll(map);
        return Collections.unmodifiableMap(copy);
    }

    /** Whether every schedule was run to its end, or stood for by one that was. */
    public boolean complete() {
        return finished && capped == 0;
    }

    /** Verdicts that occurred and that the scenario does not allow. */
    public Set<Verdict> unexpected() {
        EnumSet<Verdict> unexpected = EnumSet.noneOf(Verdict.class);
        unexpected.addAll(verdicts.keySet());
        unexpected.removeAll(scenario.allowed());
        return Collections.unmodifiableSet(unexpected);
    }

    /** Whether nothing goes wrong, in any schedule, that the scenario does not allow. */
    public boolean proved() {
        return complete() && unexpected().isEmpty();
    }

    /** The shortest schedule with a verdict that the scenario does not allow, for the first such verdict. */
    public Optional<Schedule> counterexample() {
        return unexpected().stream().findFirst().map(shortest::get);
    }

    /** {@code proved}, {@code exposed}, or {@code bounded} if the search did not cover everything and found nothing. */
    public String result() {
        return !unexpected().isEmpty() ? "exposed" : complete() ? "proved" : "bounded";
    }

    /** What was covered, and what that means: one sentence for a reader who wants to know how far a claim goes. */
    public String coverage() {
        String how = mode == Mode.COUNT
                ? "every interleaving at command granularity on one Redis server"
                : "every interleaving at command granularity on one Redis server, up to swapping commands that touch"
                        + " no common key";
        if (scenario.alike()) {
            how += (mode == Mode.COUNT ? ", up" : " and") + " to exchanging the buyers, who are alike";
        }
        String what = scenario.buyers().size() + (scenario.buyers().size() == 1 ? " buyer" : " buyers") + ", stock "
                + scenario.stock() + ", " + scenario.faultsInWords() + ": " + schedules + " schedules run"
                + (cut > 0 ? ", " + cut + " cut" : "");
        if (!finished) {
            return what + "; stopped at the limit on schedules, so this is bounded and covers not " + how;
        } else if (capped > 0) {
            return what + ", " + capped + " of them stopped a buyer after " + scenario.attempts()
                    + " attempts, so this is bounded; otherwise " + how;
        }
        return what + "; " + how;
    }
}
