package flashsale.stage;

import flashsale.redis.RedisServer;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says how fast the explorer is here, and beside what. */
@Command(
        name = "bench",
        customSynopsis = "mvn -q compile exec:java -pl stage -Dexec.args=\"bench\"",
        description = {
            "Measures how many schedules a second the explorer runs, beside two yardsticks, in about 15 seconds.",
            ""
        })
final class BenchCommand implements Callable<Integer> {

    private static final int ROUNDS = 9;
    private static final Duration ROUND = Duration.ofMillis(200);

    private static final String LEGEND = """

            Schedules a second, medians of %d rounds in turn.
            explorer   every schedule: wiped, opened, run, read and audited, once connections and threads are there
            plain      the same purchases one after the other by an ordinary client, opened and read each time
            floor      nothing but round trips on one connection: one for each command, and one more
            set-up     connections, threads and one schedule, once for each exploration
            """;

    private final Supplier<RedisServer> redis;
    private final Streams streams;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this help.")
    private boolean help;

    BenchCommand(Supplier<RedisServer> redis, Streams streams) {
        this.redis = redis;
        this.streams = streams;
    }

    @Override
    public Integer call() {
        Bench bench = new Bench(redis.get(), ROUNDS, ROUND);
        streams.out()
                .print(Bench.table(
                        Bench.Workload.ALL.stream().map(bench::measure).toList()));
        streams.out().printf(LEGEND, ROUNDS);
        return ExitCodes.AS_CLAIMED;
    }
}
