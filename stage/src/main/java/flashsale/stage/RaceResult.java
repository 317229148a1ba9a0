package flashsale.stage;

import java.util.List;
import java.util.Optional;

/**
 * What came of a race.
 *
 * @param server the server, one line
 * @param machine what it ran on, one line
 * @param workload what everybody had to do
 * @param rounds how often everybody was measured
 * @param standings the entrants, the limits first
 * @param redisBenchmark purchases a second by redis-benchmark; null where it is not installed
 * @param growth crowds of growing size, in which everybody gets a ticket; empty if nobody asked for them
 */
record RaceResult(
        String server,
        String machine,
        Workload workload,
        int rounds,
        List<Standing> standings,
        Double redisBenchmark,
        List<Growth> growth) {

    /** The bare client that sends what the limit's step sends. */
    static final String BARE_SCRIPT = "bare script";

    /**
     * A crowd of one size.
     *
     * @param buyers how many buy at once
     * @param standings the entrants, in the order of the race
     */
    record Growth(int buyers, List<Standing> standings) {}

    /** How much of the limit somebody reaches: purchases a second beside the bare script's, medians. */
    double ofTheLimit(Standing standing) {
        return standing.answersASecond().median() / limit().answersASecond().median();
    }

    /** How an entrant is called where crowds of all sizes stand together: marked if any of them was not served cleanly. */
    String nameInGrowth(int entrant) {
        boolean clean =
                growth.stream().allMatch(crowd -> crowd.standings().get(entrant).isClean());
        return (clean ? "" : "✘ ") + standings.get(entrant).name();
    }

    private Standing limit() {
        Optional<Standing> bare = standings.stream()
                .filter(each -> each.name().equals(BARE_SCRIPT))
                .findFirst();
        return bare.orElseThrow();
    }
}
