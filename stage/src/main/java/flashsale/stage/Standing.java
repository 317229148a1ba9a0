package flashsale.stage;

import flashsale.sale.Verdict;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * One entrant at the end of a race.
 *
 * @param lesson the lesson's folder, or {@link Entrant#THE_LIMIT}
 * @param name the step, or what the bare client sends
 * @param rounds how often it was measured
 * @param answersASecond purchases answered a second
 * @param ticketsASecond units sold a second
 * @param p50Micros half of all purchases took no longer
 * @param p99Micros 99 of 100 purchases took no longer
 * @param maxMicros the slowest purchase
 * @param roundTrips for each purchase
 * @param commands that the server ran for each purchase, those inside scripts included
 * @param serverMicros CPU time of the server for each purchase
 * @param waits polls that found a lock taken, and aborted transactions, for each purchase
 * @param neverAsked buyers whose turn had not come when the time of a sale was up, of all rounds
 * @param verdicts what the audit found in any round; empty if the books were clean each time
 */
record Standing(
        String lesson,
        String name,
        int rounds,
        Spread answersASecond,
        Spread ticketsASecond,
        long p50Micros,
        long p99Micros,
        long maxMicros,
        Spread roundTrips,
        Spread commands,
        Spread serverMicros,
        Spread waits,
        int neverAsked,
        Set<Verdict> verdicts) {

    static Standing of(Entrant entrant, List<Lap> laps) {
        Lap all = laps.stream().reduce(Lap::and).orElseThrow();
        EnumSet<Verdict> ordered = EnumSet.noneOf(Verdict.class);
        ordered.addAll(all.verdicts());
        return new Standing(
                entrant.lesson(),
                entrant.name(),
                laps.size(),
                spread(laps, Lap::answersASecond),
                spread(laps, Lap::ticketsASecond),
                all.latency().getValueAtPercentile(50),
                all.latency().getValueAtPercentile(99),
                all.latency().getMaxValue(),
                spread(laps, Lap::roundTripsAPurchase),
                spread(laps, Lap::commandsAPurchase),
                spread(laps, Lap::serverMicrosAPurchase),
                spread(laps, Lap::waitsAPurchase),
                all.neverAsked(),
                Collections.unmodifiableSet(ordered));
    }

    /** Whether this is no step of a lesson, but what the machine can do. */
    boolean isLimit() {
        return lesson.equals(Entrant.THE_LIMIT);
    }

    /** Whether everybody had a turn, and the audit found nothing wrong. */
    boolean isClean() {
        return verdicts.isEmpty() && neverAsked == 0;
    }

    private static Spread spread(List<Lap> laps, ToDoubleFunction<Lap> value) {
        return Spread.of(laps.stream().mapToDouble(value).boxed().toList());
    }
}
