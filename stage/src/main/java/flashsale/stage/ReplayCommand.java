package flashsale.stage;

import flashsale.explore.Claim;
import flashsale.explore.Counterexample;
import flashsale.explore.DivergedException;
import flashsale.explore.Explorer;
import flashsale.explore.Schedule;
import flashsale.redis.RedisServer;
import flashsale.report.Timeline;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Plays one schedule and prints it. */
@Command(
        name = "replay",
        customSynopsis = "mvn -q compile exec:java -pl stage -Dexec.args=\"replay STEP[/SCENARIO] SCHEDULE\"",
        description = "Plays one schedule again, command by command, and prints it as a timeline.",
        footer = {"", "Example: replay CheckThenDecrement/two-buyers-one-ticket 1A,3B,2A"})
final class ReplayCommand implements Callable<Integer> {

    private final Lessons lessons;
    private final Supplier<RedisServer> redis;
    private final Streams streams;

    @Parameters(
            index = "0",
            paramLabel = "STEP[/SCENARIO]",
            description = "A step, and one of its scenarios: its name, or its name with hyphens for blanks and commas."
                    + " Without a scenario: the step's first in which the schedule fits.")
    private String target;

    @Parameters(
            index = "1",
            paramLabel = "SCHEDULE",
            description = "What happens in which order: 1A,3B,2A is one command of the first buyer, three of the"
                    + " second, two of the first. It may name faults, such as crash:A, lose:A, expire:lock,"
                    + " evict:stock or flush.")
    private String schedule;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this help.")
    private boolean help;

    ReplayCommand(Lessons lessons, Supplier<RedisServer> redis, Streams streams) {
        this.lessons = lessons;
        this.redis = redis;
        this.streams = streams;
    }

    @Override
    public Integer call() {
        int slash = target.indexOf('/');
        List<Claim> candidates = slash < 0
                ? lessons.ofStep(target)
                : List.of(lessons.of(target.substring(0, slash), target.substring(slash + 1)));
        Counterexample played = playFirstThatFits(candidates, parsed());
        String again = ReplayLine.of(played.step(), played.scenario(), played.schedule());
        streams.out().print(Timeline.of(played, Optional.empty(), again));
        return ExitCodes.AS_CLAIMED;
    }

    private Schedule parsed() {
        try {
            return Schedule.parse(schedule);
        } catch (IllegalArgumentException malformed) {
            throw new BadArgumentException(malformed.getMessage());
        }
    }

    private Counterexample playFirstThatFits(List<Claim> candidates, Schedule wanted) {
        Explorer explorer = Explorer.on(redis.get());
        String problem = "";
        for (Claim claim : candidates) {
            try {
                return explorer.replay(claim.step(), claim.scenario(), wanted);
            } catch (DivergedException diverged) {
                if (problem.isEmpty()) {
                    problem = claim + ": " + diverged.getMessage();
                }
            }
        }
        throw new BadArgumentException(
                problem + (candidates.size() == 1 ? "" : "; it fits in no other scenario of this step either"));
    }
}
