package flashsale.explore;

import flashsale.explore.Exploration.Mode;
import flashsale.redis.RedisServer;
import flashsale.sale.Answer;
import flashsale.sale.Finding;
import flashsale.sale.Outcome;
import flashsale.sale.Verdict;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Drives a step through all interleavings of its buyers' commands, on a real Redis server whose selected database it
 * wipes before every schedule.
 */
public final class Explorer {

    /** Where a search gives up by default; at some thousand schedules a second this takes a few minutes. */
    public static final int MOST_SCHEDULES = 200_000;

    /** How to search. */
    private record How(
            int mostSchedules,
            boolean withEndStates,
            boolean lastFirst,
            boolean subscribingIsAChoice,
            boolean oneByOne) {}

    private final RedisServer server;
    private final How how;

    private Explorer(RedisServer server, How how) {
        this.server = server;
        this.how = how;
    }

    /** Explores on this server. */
    public static Explorer on(RedisServer server) {
        return new Explorer(server, new How(MOST_SCHEDULES, false, false, false, false));
    }

    /** Gives up after so many schedules, from 1; what is found then is bounded, never proved. */
    public Explorer atMost(int schedules) {
        if (schedules < 1) {
            throw new IllegalArgumentException("schedules is " + schedules + ", but must be a whole number from 1");
        }
        return new Explorer(
                server, new How(schedules, how.withEndStates, how.lastFirst, how.subscribingIsAChoice, how.oneByOne));
    }

    /** Also collects what each schedule leaves behind, one more round trip each. */
    public Explorer collectingEndStates() {
        return new Explorer(
                server, new How(how.mostSchedules, true, how.lastFirst, how.subscribingIsAChoice, how.oneByOne));
    }

    /** Searches in the opposite order; what is found must not depend on it. */
    Explorer lastChoiceFirst() {
        return new Explorer(
                server, new How(how.mostSchedules, how.withEndStates, true, how.subscribingIsAChoice, how.oneByOne));
    }

    /** Lets others run before a subscription of Redisson's, too; what is found must not depend on it. */
    Explorer subscribingIsAChoice() {
        return new Explorer(server, new How(how.mostSchedules, how.withEndStates, how.lastFirst, true, how.oneByOne));
    }

    /** Makes nothing of what schedules have in common; what is found must not depend on it. */
    Explorer oneByOne() {
        return new Explorer(
                server, new How(how.mostSchedules, how.withEndStates, how.lastFirst, how.subscribingIsAChoice, true));
    }

    /** Explores as the claim needs it: a proof by sleep sets, an exposure by counting unless it says otherwise. */
    public Exploration explore(Claim claim) {
        return claim.counted() ? count(claim.step(), claim.scenario()) : prove(claim.step(), claim.scenario());
    }

    /**
     * Runs every schedule: its numbers are shares of all schedules.
     *
     * @throws ExplorerException if the server is lost, or the step does what no schedule can order
     * @throws DivergedException if the step is not deterministic
     */
    public Exploration count(Step step, Scenario scenario) {
        return search(step, scenario, Mode.COUNT);
    }

    /**
     * Runs one schedule of every class of schedules that differ only by swapping commands that touch no common key:
     * finds every verdict and every end state that there is.
     *
     * @throws ExplorerException if the server is lost, or the step does what no schedule can order
     * @throws DivergedException if the step is not deterministic
     */
    public Exploration prove(Step step, Scenario scenario) {
        return search(step, scenario, Mode.PROVE);
    }

    private Exploration search(Step step, Scenario scenario, Mode mode) {
        try (LiveSale live = live(step, scenario)) {
            return playAll(live, mode == Mode.COUNT ? DepthFirst::plain : DepthFirst::withSleepSets)
                    .result(step, scenario, mode);
        }
    }

    private LiveSale live(Step step, Scenario scenario) {
        return new LiveSale(step, scenario, server, how.subscribingIsAChoice, how.oneByOne);
    }

    private Tally playAll(LiveSale live, Supplier<DepthFirst> fresh) {
        while (true) {
            DepthFirst scheduler = fresh.get();
            Tally tally = new Tally();
            if (tally.play(live, how.lastFirst ? scheduler.lastFirst() : scheduler)) {
                tally.preemptionsPruned = scheduler.preemptionsPruned();
                return tally;
            }
        }
    }

    /**
     * Looks for the shortest schedule with a verdict: fewest faults, then fewest preemptions, then fewest choices, by
     * searching with ever larger bounds.
     *
     * @return the schedule, replayed; empty if no schedule shows the verdict
     * @throws ExplorerException if the server is lost, the step does what no schedule can order, or the limit on
     *     schedules was reached before anything was found
     */
    public Optional<Counterexample> find(Step step, Scenario scenario, Verdict verdict) {
        try (LiveSale live = live(step, scenario)) {
            for (int faults = 0; faults <= scenario.faults().budget(); faults++) {
                boolean larger = true;
                for (int preemptions = 0; larger; preemptions++) {
                    DepthFirst.Bound bound = new DepthFirst.Bound(faults, preemptions);
                    Tally tally = playAll(live, () -> DepthFirst.within(bound));
                    Schedule shortest = tally.shortest.get(verdict);
                    if (shortest != null) {
                        return Optional.of(replay(live, step, scenario, shortest));
                    } else if (!tally.finished) {
                        throw new ExplorerException("no schedule with " + verdict + " among the first "
                                + how.mostSchedules + " of " + step.name() + ", \"" + scenario.name() + "\"");
                    }
                    larger = tally.preemptionsPruned;
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Runs one schedule and writes down what happens.
     *
     * @throws DivergedException if the schedule does not fit: {@code diverged at step n}
     */
    public Counterexample replay(Step step, Scenario scenario, Schedule schedule) {
        try (LiveSale live = live(step, scenario)) {
            return replay(live, step, scenario, schedule);
        }
    }

    /**
     * Runs one schedule of many buyers, who want one unit each, with a unit for everybody, and counts what it costs.
     *
     * @param buyers how many, from 1; each takes a thread and a connection
     * @throws IllegalArgumentException if there are fewer than one
     */
    public Effort effort(Step step, int buyers, Pace pace) {
        Scenario scenario = Scenario.unitForEach(buyers);
        try (LiveSale live = live(step, scenario)) {
            LiveSale.Played played = live.play(pace.scheduler(), false, false);
            int sold = (int) played.sale().wishes().stream()
                    .filter(wish -> wish.answer().equals(new Answer.Told(Outcome.SOLD)))
                    .count();
            return new Effort(
                    buyers, sold, played.run().roundTrips(), played.run().abortedTransactions(), played.findings());
        }
    }

    private static Counterexample replay(LiveSale live, Step step, Scenario scenario, Schedule schedule) {
        FollowSchedule follow = new FollowSchedule(schedule);
        follow.startNext();
        LiveSale.Played played = live.play(follow, true, false);
        if (played.cut()) {
            throw new DivergedException("the schedule " + schedule + " is not run to its end, since another one stands"
                    + " for it: two buyers would wait for one JVM lock; let the second begin later");
        }
        follow.checkFinished();
        return new Counterexample(
                step,
                scenario,
                schedule,
                played.run().cost().preemptions(),
                played.findings(),
                played.run().trace().entries());
    }

    /** Adds up schedule after schedule. */
    private final class Tally {
        private final Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
        private final Map<Verdict, Integer> byFault = new EnumMap<>(Verdict.class);
        private final Map<Verdict, Schedule> shortest = new EnumMap<>(Verdict.class);
        private final Map<Verdict, Cost> costs = new HashMap<>();
        private final Set<String> endStates = new HashSet<>();
        private int schedules;
        private int cut;
        private int capped;
        private boolean finished;
        private boolean preemptionsPruned;

        /** @return whether it counts; if not, the search must start again */
        boolean play(LiveSale live, Scheduler scheduler) {
            while (scheduler.startNext()) {
                if (schedules + cut == how.mostSchedules) {
                    return true;
                }
                LiveSale.Played played = live.play(scheduler, false, how.withEndStates);
                if (live.mustStartAgain()) {
                    return false;
                }
                if (played.cut()) {
                    cut++;
                } else {
                    add(played);
                }
            }
            finished = true;
            return true;
        }

        private void add(LiveSale.Played played) {
            schedules++;
            capped += played.run().wasCapped() ? 1 : 0;
            if (how.withEndStates) {
                endStates.add(played.endState());
            }
            Set<Verdict> blamed = EnumSet.noneOf(Verdict.class);
            Set<Verdict> excused = EnumSet.noneOf(Verdict.class);
            for (Finding finding : played.findings()) {
                (finding.byFault() ? excused : blamed).add(finding.verdict());
            }
            excused.forEach(verdict -> byFault.merge(verdict, 1, Integer::sum));
            for (Verdict verdict : blamed) {
                verdicts.merge(verdict, 1, Integer::sum);
                Cost cost = played.run().cost();
                Cost best = costs.get(verdict);
                if (best == null || Cost.SHORTEST_FIRST.compare(cost, best) < 0) {
                    costs.put(verdict, cost);
                    shortest.put(verdict, played.run().schedule());
                }
            }
        }

        Exploration result(Step step, Scenario scenario, Mode mode) {
            return new Exploration(
                    step, scenario, mode, schedules, cut, capped, finished, verdicts, byFault, shortest, endStates);
        }
    }
}
