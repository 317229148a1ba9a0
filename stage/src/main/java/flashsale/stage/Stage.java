package flashsale.stage;

import flashsale.explore.Claim;
import flashsale.explore.DivergedException;
import flashsale.explore.Exploration;
import flashsale.explore.Explorer;
import flashsale.explore.ExplorerException;
import flashsale.redis.RedisServer;
import flashsale.redis.RedisUnavailableException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import redis.clients.jedis.exceptions.JedisException;

/** The commands together, and how each ends: with one line for whoever typed it, and with an exit code. */
@Command(
        name = "stage",
        customSynopsis = {
            "mvn -q compile exec:java -pl stage",
            "       mvn -q compile exec:java -pl stage -Dexec.args=\"COMMAND …\""
        },
        description = {
            "",
            "Shows what every step of every lesson does under every interleaving of its buyers' commands,"
                    + " on a real Redis server. Without a command: verdicts of all lessons.",
            ""
        },
        commandListHeading = "%nCommands (COMMAND --help says more):%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every step does what its lesson claims; the schedule was played",
            "1:a step does not do what its lesson claims; stderr says which",
            "2:bad arguments: an unknown name, a schedule that cannot be read or does not fit",
            "3:no answer: there is no Redis, it was lost, or the explorer cannot order what a step does"
        })
final class Stage implements Callable<Integer> {

    private static final int HELP_WIDTH = 110;

    private final Lessons lessons;
    private final BiFunction<Explorer, Claim, Exploration> explore;
    private final Supplier<RedisServer> redis;
    private final Streams streams;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this help.")
    private boolean help;

    /**
     * @param explore how a claim is explored: {@link Explorer#explore}, unless somebody remembers what came of it
     * @param redis asked only by commands that need a server, and only when their arguments are good
     */
    Stage(
            Lessons lessons,
            BiFunction<Explorer, Claim, Exploration> explore,
            Supplier<RedisServer> redis,
            Streams streams) {
        this.lessons = lessons;
        this.explore = explore;
        this.redis = redis;
        this.streams = streams;
    }

    /** Runs one command to its end and returns its exit code; throws nothing. */
    int run(String... args) {
        return new CommandLine(this)
                .addSubcommand(new VerdictsCommand(lessons, explore, redis, streams))
                .addSubcommand(new ReplayCommand(lessons, redis, streams))
                .addSubcommand(new EffortCommand(lessons, redis, streams))
                .addSubcommand(new RaceCommand(lessons, redis, streams))
                .addSubcommand(new BenchCommand(redis, streams))
                .setOut(new PrintWriter(streams.out(), true))
                .setErr(new PrintWriter(streams.err(), true))
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setUsageHelpWidth(HELP_WIDTH)
                .setParameterExceptionHandler(this::explainBadArguments)
                .setExecutionExceptionHandler((failure, command, parsed) -> explainFailure(failure))
                .execute(args);
    }

    /** Without a command. */
    @Override
    public Integer call() {
        return new VerdictsCommand(lessons, explore, redis, streams).call();
    }

    private int explainBadArguments(ParameterException bad, String[] args) {
        boolean noCommand = bad.getCommandLine().getParent() == null;
        if (noCommand && args.length > 0 && !args[0].startsWith("-")) {
            return say(
                    "unknown command " + args[0] + "; " + hint(args[0], bad.getCommandLine()), ExitCodes.BAD_ARGUMENTS);
        }
        String command = noCommand ? "" : bad.getCommandLine().getCommandName() + " ";
        return say(oneLine(bad.getMessage()) + " (" + command + "--help says what there is)", ExitCodes.BAD_ARGUMENTS);
    }

    /** Somebody may have named a step or a lesson, and meant what is said of it. */
    private String hint(String typed, CommandLine commands) {
        try {
            lessons.select(List.of(typed));
            return "did you mean verdicts " + typed + "?";
        } catch (BadArgumentException noName) {
            return Nearest.hint(typed, commands.getSubcommands().keySet());
        }
    }

    private int explainFailure(Exception failure) {
        if (failure instanceof BadArgumentException) {
            return say(failure.getMessage(), ExitCodes.BAD_ARGUMENTS);
        } else if (failure instanceof RedisUnavailableException
                || failure instanceof ExplorerException
                || failure instanceof DivergedException
                || failure instanceof JedisException) {
            return say(oneLine(failure.getMessage()), ExitCodes.NO_ANSWER);
        }
        failure.printStackTrace(streams.err()); // nobody's bad input: a mistake in the workbook itself
        return ExitCodes.NO_ANSWER;
    }

    private int say(String problem, int exitCode) {
        streams.err().println(problem);
        return exitCode;
    }

    private static String oneLine(String message) {
        return String.valueOf(message).strip().replaceAll("\\s+", " ");
    }
}
