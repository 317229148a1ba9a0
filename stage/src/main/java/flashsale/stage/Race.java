package flashsale.stage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Lets entrants run in rounds, in one order and then in the other, so that whatever else happens on the machine hits all
 * alike. A round begins when the one before has ended: nobody is measured beside anybody else.
 */
final class Race {

    /** Long enough for any race. */
    static final Duration NO_HURRY = Duration.ofDays(1);

    private final int rounds;
    private final Duration within;
    private final Duration lap;
    private final Progress progress;
    private final LongSupplier nanos;

    /**
     * @param rounds how often everybody is measured, from 1; once more before that, unmeasured, until the JVM is warm
     * @param within no round begins but the first if it would end later than that, should it take as long as the
     *     longest that was measured
     * @param lap for how long an entrant sells again and again in one round; at least one sale, and no longer than twice
     *     that on the clock
     * @param progress a step for each round of each entrant, the unmeasured one included
     */
    Race(int rounds, Duration within, Duration lap, Progress progress) {
        this(rounds, within, lap, progress, System::nanoTime);
    }

    Race(int rounds, Duration within, Duration lap, Progress progress, LongSupplier nanos) {
        this.rounds = rounds;
        this.within = within;
        this.lap = lap;
        this.progress = progress;
        this.nanos = nanos;
    }

    /** The results, in the order of the entrants. */
    List<Standing> run(List<Entrant> entrants) {
        long started = nanos.getAsLong();
        entrants.forEach(this::lap);
        long longest = nanos.getAsLong() - started;
        List<List<Lap>> laps = new ArrayList<>();
        entrants.forEach(entrant -> laps.add(new ArrayList<>()));
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < entrants.size(); i++) {
            order.add(i);
        }
        int all = rounds;
        for (int round = 0; round < rounds; round++) {
            long begun = nanos.getAsLong();
            int nowAll = roundsInAll(round, within.toNanos() - (begun - started), longest);
            progress.drop((all - nowAll) * entrants.size());
            all = nowAll;
            if (round == all) {
                break;
            }
            order.forEach(i -> laps.get(i).add(lap(entrants.get(i))));
            Collections.reverse(order);
            long took = nanos.getAsLong() - begun;
            longest = round == 0 ? took : Math.max(longest, took); // the unmeasured one is longer than any other
        }
        return order.stream()
                .sorted()
                .map(i -> Standing.of(entrants.get(i), laps.get(i)))
                .toList();
    }

    /** How many rounds there will be, if so many have been run and each of the others takes as long as the longest. */
    private int roundsInAll(int run, long nanosLeft, long longest) {
        long fit = run + Math.max(0, nanosLeft) / Math.max(1, longest);
        return (int) Math.max(1, Math.min(rounds, fit));
    }

    private Lap lap(Entrant entrant) {
        progress.at(entrant.name());
        try (Entrant.Seller seller = entrant.enter().get()) {
            long end = nanos.getAsLong() + 2 * lap.toNanos(); // opening and auditing small sales may take most of it
            Lap all = seller.sale();
            while (all.seconds() < lap.toNanos() / 1e9 && nanos.getAsLong() < end) {
                all = all.and(seller.sale());
            }
            progress.step();
            return all;
        }
    }
}
