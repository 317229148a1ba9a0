package flashsale.stage;

import flashsale.explore.Claim;
import flashsale.explore.Exploration;
import flashsale.explore.Explorer;
import flashsale.explore.Schedule;
import flashsale.redis.RedisServer;
import flashsale.report.Matrix;
import flashsale.report.ProofLine;
import flashsale.report.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Explores what the lessons claim, and says whether it is so. */
@Command(
        name = "verdicts",
        customSynopsis = "mvn -q compile exec:java -pl stage -Dexec.args=\"verdicts [LESSON|STEP …] [--json]\"",
        description = {
            "Drives steps through every interleaving of their buyers' commands and prints one table of the results.",
            "For a step that is named itself, the shortest counterexample and the proofs follow."
        })
final class VerdictsCommand implements Callable<Integer> {

    private final Lessons lessons;
    private final BiFunction<Explorer, Claim, Exploration> explore;
    private final Supplier<RedisServer> redis;
    private final Streams streams;

    @Parameters(
            paramLabel = "LESSON|STEP",
            description = "A lesson (lesson01-naive, lesson01 or 1) or a step (ReadThenWrite); without any, all.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--json", description = "Print one JSON array instead, an object for each step and scenario.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this help.")
    private boolean help;

    VerdictsCommand(
            Lessons lessons,
            BiFunction<Explorer, Claim, Exploration> explore,
            Supplier<RedisServer> redis,
            Streams streams) {
        this.lessons = lessons;
        this.explore = explore;
        this.redis = redis;
        this.streams = streams;
    }

    @Override
    public Integer call() {
        Lessons.Selection selection = lessons.select(names);
        Explorer explorer = Explorer.on(redis.get());
        List<Result> results = Survey.of(selection.claims(), claim -> explore.apply(explorer, claim), streams);
        if (json) {
            streams.out().print(VerdictsJson.of(results));
        } else {
            streams.out().print(Matrix.of(results.stream().map(Result::row).toList()));
            for (Result result : results) {
                if (selection.steps().contains(result.claim().step().name())) {
                    streams.out().print("\n" + details(result.exploration(), explorer));
                }
            }
        }
        List<Result> wrong =
                results.stream().filter(result -> !result.asClaimed()).toList();
        wrong.forEach(result -> streams.err().println(result.contradiction()));
        return wrong.isEmpty() ? ExitCodes.AS_CLAIMED : ExitCodes.NOT_AS_CLAIMED;
    }

    private static String details(Exploration exploration, Explorer explorer) {
        Optional<Schedule> schedule = exploration.counterexample();
        return schedule.isEmpty()
                ? ProofLine.of(exploration)
                : Timeline.of(
                        explorer.replay(exploration.step(), exploration.scenario(), schedule.get()),
                        Optional.of(exploration),
                        ReplayLine.of(exploration.step(), exploration.scenario(), schedule.get()));
    }
}
