package flashsale.stage;

import static java.nio.charset.StandardCharsets.UTF_8;

import flashsale.redis.RedisServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/**
 * What <a href="https://redis.io/docs/latest/operate/oss_and_stack/management/optimization/benchmarks/">redis-benchmark</a>
 * says of the same command, where it is installed.
 */
final class RedisBenchmark {

    private static final int LONGEST_SECONDS = 60;

    private RedisBenchmark() {}

    /**
     * Lets it buy once, from a sale that is opened for it.
     *
     * @param program its name or path
     * @param limit whose purchase it sends
     * @return purchases a second; empty if there is no such program, or it does not answer as expected
     */
    static OptionalDouble purchasesASecond(String program, RedisServer server, Workload workload, Limit limit) {
        if (server.clientConfig().getPassword() != null || server.clientConfig().isSsl()) {
            return OptionalDouble.empty(); // a password on a command line can be read by everybody on the machine
        }
        List<String> words = new ArrayList<>(List.of(
                program,
                "-h",
                server.address().getHost(),
                "-p",
                String.valueOf(server.address().getPort()),
                "--dbnum",
                String.valueOf(server.clientConfig().getDatabase()),
                "-c",
                String.valueOf(workload.connections()),
                "-n",
                String.valueOf(workload.buyers()),
                "-r",
                "10000000",
                "--csv"));
        limit.command()
                .forEach(word -> words.add(new String(word, UTF_8).replace(BareSeller.BUYER, "buyer-__rand_int__")));
        limit.open(workload.stock());
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            try {
                // With --csv it prints a few lines, so it cannot block on a pipe that nobody reads yet.
                return process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)
                        ? rate(new String(process.getInputStream().readAllBytes(), UTF_8))
                        : OptionalDouble.empty();
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException notInstalled) {
            return OptionalDouble.empty();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return OptionalDouble.empty();
        }
    }

    /** The second column of the last line: {@code "EVALSHA …","48309.18","0.503",…}. */
    static OptionalDouble rate(String csv) {
        String last = csv.lines().reduce("", (before, line) -> line.isBlank() ? before : line);
        String value = last.replaceFirst("^\".*?\",\"([0-9.]+)\".*$", "$1");
        return value.matches("[0-9]+(\\.[0-9]+)?")
                ? OptionalDouble.of(Double.parseDouble(value))
                : OptionalDouble.empty();
    }
}
