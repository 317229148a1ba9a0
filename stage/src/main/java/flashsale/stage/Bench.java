package flashsale.stage;

import flashsale.explore.Scenario;
import flashsale.explore.Step;
import flashsale.naive.NaiveLesson;
import flashsale.redis.RedisServer;
import flashsale.redisson.RedissonLesson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Measures the explorer beside two yardsticks, in alternating rounds, so that whatever else happens hits all alike. */
final class Bench {

    /**
     * What is measured.
     *
     * @param step the step that everybody uses
     * @param commands how many commands a buyer sends
     * @param scenario buyers who all get what they want
     */
    record Workload(Step step, int commands, Scenario scenario) {

        private static final Scenario TWO = Scenario.named("two buyers, two tickets")
                .stock(2)
                .buyer("Alice", 1)
                .buyer("Bob", 1);

        static final List<Workload> ALL = List.of(
                new Workload(
                        NaiveLesson.CHECK_THEN_DECREMENT,
                        3,
                        TWO.called("three buyers, three tickets").stock(3).buyer("Carol", 1)),
                new Workload(
                        new Step("stage", FourCommands.class, shop -> new FourCommands(shop.redis(), shop.item())),
                        4,
                        TWO),
                new Workload(RedissonLesson.WATCHDOG_LOCK, 4, TWO));
    }

    /**
     * What came out; everything but the first two is a median, in schedules a second unless it says otherwise.
     *
     * @param schedules how many schedules there are
     * @param explorer the explorer, set up
     * @param plain the same purchases without a scheduler
     * @param floor nothing but round trips
     * @param setUpMillis an exploration of a single schedule
     */
    record Measured(
            Workload workload, int schedules, double explorer, double plain, double floor, double setUpMillis) {}

    private final RedisServer server;
    private final int rounds;
    private final Duration round;

    Bench(RedisServer server, int rounds, Duration round) {
        this.server = server;
        this.rounds = rounds;
        this.round = round;
    }

    Measured measure(Workload workload) {
        Scenario scenario = workload.scenario();
        int commands = workload.commands() * scenario.buyers().size();
        List<Double> setUp = new ArrayList<>();
        List<List<Double>> paces = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        try (Contestant.Exploring exploring = new Contestant.Exploring(server, workload.step(), scenario);
                Contestant buying = new Contestant.Buying(server, workload.step(), scenario);
                Contestant roundTrips = new Contestant.RoundTrips(server, commands)) {
            List<Contestant> contestants = List.of(exploring, buying, roundTrips);
            contestants.forEach(contestant -> contestant.round(round.multipliedBy(3))); // until the JVM is warm
            for (int i = 0; i < rounds; i++) {
                for (int who = 0; who < contestants.size(); who++) {
                    paces.get(who).add(contestants.get(who).round(round));
                }
                setUp.add(exploring.setUpMillis());
            }
            return new Measured(
                    workload,
                    exploring.schedules(),
                    median(paces.get(0)),
                    median(paces.get(1)),
                    median(paces.get(2)),
                    median(setUp));
        }
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    /** A small table. */
    static String table(List<Measured> results) {
        StringBuilder table = new StringBuilder(String.format(
                "%-20s%10s%12s%9s%9s%16s%16s%10s%n",
                "", "schedules", "explorer/s", "plain/s", "floor/s", "explorer:plain", "explorer:floor", "set-up"));
        for (Measured each : results) {
            table.append(String.format(
                    Locale.ROOT,
                    "%-20s%10d%12.0f%9.0f%9.0f%16.2f%16.2f%7.1f ms%n",
                    each.workload().step().name(),
                    each.schedules(),
                    each.explorer(),
                    each.plain(),
                    each.floor(),
                    each.explorer() / each.plain(),
                    each.explorer() / each.floor(),
                    each.setUpMillis()));
        }
        return table.toString();
    }
}
