package flashsale.stage;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import flashsale.explore.Claim;
import flashsale.explore.Step;
import flashsale.lua.LuaLesson;
import flashsale.redis.RedisServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures what steps cost, side by side, beside the limit that the machine sets. */
@Command(
        name = "race",
        customSynopsis = "mvn -q compile exec:java -pl stage -Dexec.args=\"race [LESSON|STEP …] [OPTIONS]\"",
        description = {
            "Lets a crowd buy from each step in turn, on the same server, and prints rates, latencies, round trips,"
                    + " the server's work and what the audit found. With defaults it takes about a minute. A sale is ended"
                    + " after five minutes, and marked if somebody had no turn by then.",
            ""
        })
final class RaceCommand implements Callable<Integer> {

    /** One version of each approach that somebody could choose; the front door compares the same. */
    static final List<String> CHOICES = List.of(
            "DecrementThenCompensate",
            "WatchThenRead",
            "CompareAndDelete",
            "FencedPurchase",
            "AtomicPurchase",
            "IdempotentPurchase",
            "PurchaseFunction",
            "QueuedPurchase",
            "ShardedStock",
            "PipelinedPurchase",
            "WatchdogLock",
            "FencedLock",
            "SemaphoreStock",
            "ExpirablePermitStock",
            "ScriptedPurchase");

    /** Steps that cannot sell to the crowd of a race, each with the reason. */
    private static final Map<String, String> ELSEWHERE =
            Map.of("ArticleScript", "its buyers are numbers, and its stock is announced before the sale");

    /** Its purchase is one command, and that is what the bare client sends. */
    private static final Step LIMIT = LuaLesson.ATOMIC_PURCHASE;

    private static final Duration LAP = Duration.ofMillis(300);
    private static final Duration SHORT_LAP = Duration.ofMillis(50);
    private static final int ROUNDS = 25;
    private static final Duration A_MINUTE = Duration.ofSeconds(60);
    private static final int MOST_ROUNDS = 100;
    private static final int GROWTH_ROUNDS = 3;
    private static final int LEAST_SALE = 64;
    private static final Gson JSON =
            new GsonBuilder().serializeNulls().setPrettyPrinting().create();
    private static final List<Integer> SIZES = List.of(1, 2, 4, 8, 16, 32, 64, 128, 256);

    private final Lessons lessons;
    private final Supplier<RedisServer> redis;
    private final Streams streams;

    @Parameters(
            paramLabel = "LESSON|STEP",
            description = "A step (FencedPurchase) or all steps of a lesson (lesson03 or 3); without any, one version"
                    + " of each approach that somebody could choose.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--buyers",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Buyers of one sale; each wants one ticket and comes once. Default: ${DEFAULT-VALUE}.")
    private int buyers;

    @Option(
            names = "--stock",
            paramLabel = "M",
            defaultValue = "1000",
            description = "Tickets of one sale. Default: ${DEFAULT-VALUE}.")
    private int stock;

    @Option(
            names = "--connections",
            paramLabel = "C",
            defaultValue = "32",
            description = "How many buy at once, each over a connection of its own. Default: ${DEFAULT-VALUE}.")
    private int connections;

    @Option(
            names = "--rounds",
            paramLabel = "R",
            description = "How often everybody is measured, in one order and then in the other. Default: as often as"
                    + " there is time for in about a minute, at most " + ROUNDS + " times.")
    private Integer rounds;

    @Option(
            names = "--growth",
            description = "Also let crowds of 1, 2, 4 … 256 buyers buy at once, with a ticket for each.")
    private boolean growth;

    @Option(names = "--json", description = "Print one JSON object instead of tables.")
    private boolean json;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Also write a report with pictures, one file that needs no network.")
    private Path html;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this help.")
    private boolean help;

    RaceCommand(Lessons lessons, Supplier<RedisServer> redis, Streams streams) {
        this.lessons = lessons;
        this.redis = redis;
        this.streams = streams;
    }

    @Override
    public Integer call() {
        Workload workload = new Workload(buyers, stock, connections);
        if (rounds != null && (rounds < 1 || rounds > MOST_ROUNDS)) {
            throw new BadArgumentException(
                    "rounds is " + rounds + ", but must be a whole number from 1 to " + MOST_ROUNDS);
        }
        if (html != null
                && (Files.isDirectory(html)
                        || !Files.isDirectory(html.toAbsolutePath().getParent()))) {
            throw new BadArgumentException("--html " + html + " must be a file in a folder that there is");
        }
        RaceResult result = run(workload, steps(lessons, names));
        streams.out().print(json ? JSON.toJson(result) + "\n" : RaceTable.of(result));
        if (html != null) {
            write(RacePage.of(result));
        }
        return ExitCodes.AS_CLAIMED;
    }

    /** Each step once, as its first claim has it; of a whole lesson, those that can run. */
    static List<Step> steps(Lessons lessons, List<String> names) {
        Lessons.Selection selection = lessons.select(names.isEmpty() ? CHOICES : names);
        selection.steps().stream().filter(ELSEWHERE::containsKey).findFirst().ifPresent(name -> {
            throw new BadArgumentException(name + " cannot run in the race: " + ELSEWHERE.get(name));
        });
        Map<String, Step> steps = new LinkedHashMap<>();
        selection.claims().stream()
                .map(Claim::step)
                .filter(step -> !ELSEWHERE.containsKey(step.name()))
                .forEach(step -> steps.putIfAbsent(step.name(), step));
        return List.copyOf(steps.values());
    }

    private RaceResult run(Workload workload, List<Step> steps) {
        RedisServer server = redis.get();
        int mostRounds = rounds == null ? ROUNDS : rounds;
        Duration within = rounds == null ? A_MINUTE : Race.NO_HURRY;
        int crowds = growth ? SIZES.size() : 0;
        int laps = (steps.size() + 2) * (mostRounds + 1 + crowds * (GROWTH_ROUNDS + 1));
        try (Progress progress = Progress.of("rounds", laps, streams)) {
            List<Standing> standings;
            OptionalDouble benchmark;
            try (Limit limit = new Limit(LIMIT, workload, server)) {
                standings = new Race(mostRounds, within, LAP, progress).run(entrants(limit, steps, workload, server));
                double bareScript = standings.get(1).answersASecond().median();
                benchmark = RedisBenchmark.purchasesASecond(
                        "redis-benchmark", server, workload.forASecond(bareScript), limit);
            }
            List<RaceResult.Growth> grown = new ArrayList<>();
            for (int size : growth ? SIZES : List.<Integer>of()) {
                Workload everybodyBuys = new Workload(Math.max(size, LEAST_SALE), Math.max(size, LEAST_SALE), size);
                try (Limit limit = new Limit(LIMIT, everybodyBuys, server)) {
                    grown.add(new RaceResult.Growth(
                            size,
                            new Race(GROWTH_ROUNDS, Race.NO_HURRY, SHORT_LAP, progress)
                                    .run(entrants(limit, steps, everybodyBuys, server))));
                }
            }
            return new RaceResult(
                    server.description(),
                    machine(),
                    workload,
                    standings.get(0).rounds(),
                    standings,
                    benchmark.isPresent() ? benchmark.getAsDouble() : null,
                    grown);
        }
    }

    private static List<Entrant> entrants(Limit limit, List<Step> steps, Workload workload, RedisServer server) {
        List<Entrant> entrants = new ArrayList<>(List.of(limit.get(), limit.purchase()));
        steps.forEach(step -> entrants.add(new Entrant(
                step.lesson(), step.name(), () -> new StepSeller(step, workload, StepSeller.LONGEST_SALE, server))));
        return entrants;
    }

    private static String machine() {
        return Runtime.getRuntime().availableProcessors() + " cores, Java "
                + Runtime.version().feature()
                + compiler(ManagementFactory.getRuntimeMXBean().getInputArguments()) + ", "
                + Runtime.getRuntime().maxMemory() / (1 << 20) + " MB of heap, "
                + System.getProperty("os.name") + " " + System.getProperty("os.arch");
    }

    /** Names the compiler if the JVM's arguments leave it only the quick one; of several, the last one counts. */
    static String compiler(List<String> jvmArguments) {
        return jvmArguments.stream()
                .filter(argument -> argument.startsWith("-XX:TieredStopAtLevel="))
                .reduce((first, last) -> last)
                .filter("-XX:TieredStopAtLevel=1"::equals)
                .map(quick -> " (C1 only)")
                .orElse("");
    }

    private void write(String page) {
        try {
            Files.writeString(html, page);
        } catch (IOException notWritten) {
            throw new BadArgumentException("--html " + html + " cannot be written: " + notWritten);
        }
    }
}
