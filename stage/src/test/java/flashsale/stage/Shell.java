package flashsale.stage;

import static java.nio.charset.StandardCharsets.UTF_8;

import flashsale.explore.Claim;
import flashsale.explore.Exploration;
import flashsale.explore.Explorer;
import flashsale.redis.RedisServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs commands in this JVM, and catches what they print. What was explored once is remembered. */
final class Shell {

    private static final Pattern EXEC_ARGS = Pattern.compile("-Dexec\\.args=(?:\"([^\"]*)\"|(\\S+))");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    private static final Map<Claim, Exploration> EXPLORED = new ConcurrentHashMap<>();

    /** What a command printed, and its exit code. */
    record Ran(int exitCode, String out, String err) {}

    private final Lessons lessons;
    private final BiFunction<Explorer, Claim, Exploration> explore;
    private final Supplier<RedisServer> redis;
    private final boolean terminal;

    private Shell(
            Lessons lessons,
            BiFunction<Explorer, Claim, Exploration> explore,
            Supplier<RedisServer> redis,
            boolean terminal) {
        this.lessons = lessons;
        this.explore = explore;
        this.redis = redis;
        this.terminal = terminal;
    }

    /** The workbook as it is, in a pipe. */
    static Shell inPipe() {
        return new Shell(Lessons.ALL, Shell::exploreOnce, () -> SharedRedis.announcedOn(System.err), false);
    }

    Shell with(Lessons others) {
        return new Shell(others, explore, redis, terminal);
    }

    Shell with(Supplier<RedisServer> otherRedis) {
        return new Shell(lessons, Explorer::explore, otherRedis, terminal);
    }

    Shell onTerminal() {
        return new Shell(lessons, explore, redis, true);
    }

    Ran run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Streams streams = new Streams(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), terminal);
        int exitCode = new Stage(lessons, explore, redis, streams).run(args);
        return new Ran(exitCode, text(out), text(err));
    }

    /**
     * Runs what a reader would paste.
     *
     * @param command a Maven command with {@code exec:java -pl stage}
     */
    Ran paste(String command) {
        return run(arguments(command));
    }

    /** @throws IllegalArgumentException if this command does not run the stage */
    static String[] arguments(String command) {
        if (!command.matches("mvn( .*)? exec:java( .*)?") || !command.contains("-pl stage")) {
            throw new IllegalArgumentException("not a command of the stage: " + command);
        }
        List<String> words = new ArrayList<>();
        Matcher args = EXEC_ARGS.matcher(command);
        if (args.find()) {
            Matcher word = WORD.matcher(args.group(1) != null ? args.group(1) : args.group(2));
            while (word.find()) {
                words.add(word.group(1) != null ? word.group(1) : word.group(2));
            }
        }
        return words.toArray(String[]::new);
    }

    /** Explores a claim the first time that it is asked for; what comes of it is the same every time. */
    private static Exploration exploreOnce(Explorer explorer, Claim claim) {
        return EXPLORED.computeIfAbsent(claim, explorer::explore);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(UTF_8).replace("\r\n", "\n");
    }
}
