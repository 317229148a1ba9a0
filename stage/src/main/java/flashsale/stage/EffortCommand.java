package flashsale.stage;

import flashsale.explore.Effort;
import flashsale.explore.Explorer;
import flashsale.explore.Pace;
import flashsale.explore.Step;
import flashsale.redis.RedisServer;
import flashsale.report.EffortTable;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Counts what a step costs as the crowd grows, or compares several. */
@Command(
        name = "effort",
        customSynopsis = "mvn -q compile exec:java -pl stage -Dexec.args=\"effort STEP…\"",
        description = {
            "Counts round trips and aborted transactions per sale for 1 to 64 buyers, once one after the other and"
                    + " once in lock-step. Counts, not times: the same on every machine. Several steps are compared in one"
                    + " table, for 1, 8 and 64 buyers.",
            ""
        })
final class EffortCommand implements Callable<Integer> {

    private static final List<Integer> BUYERS = List.of(1, 2, 4, 8, 16, 32, 64);
    private static final List<Integer> BUYERS_WHERE_SEVERAL_ARE_COMPARED = List.of(1, 8, 64);

    private final Lessons lessons;
    private final Supplier<RedisServer> redis;
    private final Streams streams;

    @Parameters(
            paramLabel = "STEP",
            arity = "1..*",
            description = "A step, such as WatchThenRead; of one that takes a setting, as in its first scenario.")
    private List<String> names;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this help.")
    private boolean help;

    EffortCommand(Lessons lessons, Supplier<RedisServer> redis, Streams streams) {
        this.lessons = lessons;
        this.redis = redis;
        this.streams = streams;
    }

    @Override
    public Integer call() {
        Set<Step> steps = new LinkedHashSet<>();
        for (String name : names) {
            steps.add(lessons.ofStep(name).get(0).step());
        }
        Explorer explorer = Explorer.on(redis.get());
        if (steps.size() == 1) {
            Step step = steps.iterator().next();
            streams.out().print(EffortTable.of(step, efforts(explorer, step, BUYERS)));
        } else {
            Map<Step, Map<Pace, List<Effort>>> all = new LinkedHashMap<>();
            steps.forEach(step -> all.put(step, efforts(explorer, step, BUYERS_WHERE_SEVERAL_ARE_COMPARED)));
            streams.out().print(EffortTable.comparing(all));
        }
        return ExitCodes.AS_CLAIMED;
    }

    private static Map<Pace, List<Effort>> efforts(Explorer explorer, Step step, List<Integer> crowds) {
        Map<Pace, List<Effort>> efforts = new EnumMap<>(Pace.class);
        for (Pace pace : Pace.values()) {
            efforts.put(
                    pace,
                    crowds.stream()
                            .map(buyers -> effort(explorer, step, buyers, pace))
                            .toList());
        }
        return efforts;
    }

    private static Effort effort(Explorer explorer, Step step, int buyers, Pace pace) {
        try {
            return explorer.effort(step, buyers, pace);
        } catch (IllegalArgumentException refused) {
            throw new BadArgumentException(
                    step.name() + " does not open for crowds of all sizes: " + refused.getMessage());
        }
    }
}
