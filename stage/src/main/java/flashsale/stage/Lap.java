package flashsale.stage;

import flashsale.sale.Verdict;
import java.util.EnumSet;
import java.util.Set;
import org.HdrHistogram.Histogram;

/**
 * What one entrant did in one round.
 *
 * @param answers purchases that were answered
 * @param tickets units that were sold
 * @param seconds from the first purchase to the last answer, above 0
 * @param latency microseconds of each purchase
 * @param load what the server did meanwhile
 * @param waits polls that found the lock taken, and transactions that were aborted
 * @param neverAsked buyers whose turn had not come when time was up
 * @param verdicts what the audit found, empty if the books are clean or there is nothing to audit
 */
record Lap(
        int answers,
        int tickets,
        double seconds,
        Histogram latency,
        Load load,
        long waits,
        int neverAsked,
        Set<Verdict> verdicts) {

    Lap {
        verdicts = Set.copyOf(verdicts);
    }

    /** Both together, as if one had been run after the other. */
    Lap and(Lap next) {
        Histogram both = latency.copy();
        both.add(next.latency);
        EnumSet<Verdict> found = EnumSet.noneOf(Verdict.class);
        found.addAll(verdicts);
        found.addAll(next.verdicts);
        return new Lap(
                answers + next.answers,
                tickets + next.tickets,
                seconds + next.seconds,
                both,
                load.and(next.load),
                waits + next.waits,
                neverAsked + next.neverAsked,
                found);
    }

    double answersASecond() {
        return answers / seconds;
    }

    double ticketsASecond() {
        return tickets / seconds;
    }

    double roundTripsAPurchase() {
        return (double) load.roundTrips() / answers;
    }

    double commandsAPurchase() {
        return (double) load.commands() / answers;
    }

    double serverMicrosAPurchase() {
        return load.cpuMicros() / answers;
    }

    double waitsAPurchase() {
        return (double) waits / answers;
    }
}
