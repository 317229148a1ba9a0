package flashsale.redis;

import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.embedded.RedisExecProvider;
import redis.embedded.exceptions.OsDetectionException;

/**
 * A real {@code redis-server} from the jar <a href="https://github.com/signalapp/embedded-redis">embedded-redis</a>
 * (Linux and macOS, amd64 and arm64), on a free loopback port, without persistence. It dies with this JVM, even after
 * {@code kill -9}, and leaves nothing behind.
 */
public final class EmbeddedRedis implements RedisServer {

    private static final int PORT_TRIES = 5;
    private static final Duration START_LIMIT = Duration.ofSeconds(10);
    private static final String READY = "Ready to accept connections";

    /** The Linux binaries are built with musl, which says "Address in use". */
    private static final Pattern PORT_TAKEN = Pattern.compile("bind: Address (already )?in use");

    private static final String INSTEAD =
            "Use a container with -Dredis=docker, or a server of your own with -Dredis=redis://host:port";

    private final HostAndPort address;
    private final long pid;
    private final GuardedProcess process;

    private EmbeddedRedis(HostAndPort address, long pid, GuardedProcess process) {
        this.address = address;
        this.pid = pid;
        this.process = process;
    }

    /**
     * Starts one more server and waits until it accepts connections, at most ten seconds.
     *
     * @param extraOptions options as on {@code redis-server}'s command line, such as {@code "--cluster-enabled", "yes"}
     *     or {@code "--replicaof", "127.0.0.1", "20123"}; they win over the workbook's own. After {@code --requirepass}
     *     the caller brings the password, {@link #clientConfig()} has none. The server's working folder is its own and
     *     goes with it
     * @return a server that answers
     * @throws RedisUnavailableException if there is no binary for this platform or no shell, if five ports in a row
     *     were taken, or if the server refuses its options; the message then ends with the last lines of its log
     */
    public static EmbeddedRedis start(String... extraOptions) {
        return start(() -> RedisExecProvider.defaultProvider().get(), LoopbackPorts::free, "sh", extraOptions);
    }

    /** @param binary makes a copy of redis-server in a fresh folder of its own, which is removed with the server */
    static EmbeddedRedis start(Callable<File> binary, IntSupplier ports, String shell, String... extraOptions) {
        List<Integer> taken = new ArrayList<>();
        while (taken.size() < PORT_TRIES) {
            int port = ports.getAsInt();
            Optional<EmbeddedRedis> server = startOn(port, binary, shell, extraOptions);
            if (server.isPresent()) {
                return server.get();
            }
            taken.add(port);
        }
        throw new RedisUnavailableException("The embedded Redis found no free port: of 127.0.0.1, the ports " + taken
                + " were free when chosen and taken a moment later. Try again, or name a server of your own with"
                + " -Dredis=redis://host:port");
    }

    /** Empty if the port is taken. */
    private static Optional<EmbeddedRedis> startOn(int port, Callable<File> source, String shell, String... options) {
        HostAndPort address = new HostAndPort("127.0.0.1", port);
        File binary;
        List<String> command;
        GuardedProcess process;
        // A process that is forked while a copy is being written holds that copy open, and a file that is open for
        // writing cannot be run ("Text file busy"): so one server at a time.
        synchronized (EmbeddedRedis.class) {
            binary = extract(source);
            command = command(binary, address, options);
            process = launch(shell, binary, command);
        }
        Optional<String> ready = await(process);
        if (ready.isPresent()) {
            // A running program does not need its file on Linux and macOS. If this fails, it goes with the folder.
            binary.delete();
            return Optional.of(new EmbeddedRedis(address, processId(ready.get()), process));
        }
        process.close();
        if (process.lastLines().stream().anyMatch(PORT_TAKEN.asPredicate())) {
            return Optional.empty();
        }
        throw new RedisUnavailableException("The embedded Redis ended, or was not ready within "
                + START_LIMIT.toSeconds() + " s. Command: " + printed(command) + ". " + INSTEAD
                + ". Its last words:\n  " + String.join("\n  ", process.lastLines()));
    }

    private static File extract(Callable<File> source) {
        try {
            return source.call();
        } catch (IllegalArgumentException | OsDetectionException noBinary) {
            throw new NoBinaryException(noBinary);
        } catch (Exception unwritable) {
            throw new RedisUnavailableException(
                    "The embedded Redis could not be unpacked into " + System.getProperty("java.io.tmpdir") + " ("
                            + unwritable.getMessage() + "). Name another folder with -Djava.io.tmpdir=…",
                    unwritable);
        }
    }

    private static List<String> command(File binary, HostAndPort address, String... extraOptions) {
        List<String> command = new ArrayList<>(List.of(binary.getPath()));
        command.addAll(List.of("--bind", address.getHost(), "--port", String.valueOf(address.getPort())));
        command.addAll(List.of("--save", "", "--appendonly", "no", "--dir", binary.getParent()));
        command.addAll(List.of(extraOptions));
        return command;
    }

    private static String printed(List<String> command) {
        return command.stream()
                .map(argument -> argument.isEmpty() ? "\"\"" : argument)
                .collect(Collectors.joining(" "));
    }

    private static GuardedProcess launch(String shell, File binary, List<String> command) {
        try {
            return GuardedProcess.start(shell, binary.getParentFile().toPath(), command, READY);
        } catch (IOException noShell) {
            binary.delete();
            binary.getParentFile().delete();
            throw new RedisUnavailableException(
                    "The embedded Redis needs a POSIX shell, and " + shell + " could not be run ("
                            + noShell.getMessage() + "). Command: " + printed(command) + ". " + INSTEAD,
                    noShell);
        }
    }

    private static Optional<String> await(GuardedProcess process) {
        try {
            return process.await(START_LIMIT);
        } catch (InterruptedException interrupted) {
            process.close();
            Thread.currentThread().interrupt();
            throw new RedisUnavailableException("Interrupted while the embedded Redis was starting", interrupted);
        }
    }

    /** Every line of the log begins with the process id: {@code 4711:M 01 Jan 2026 …}. */
    private static long processId(String logLine) {
        return Long.parseLong(logLine.substring(0, logLine.indexOf(':')));
    }

    @Override
    public HostAndPort address() {
        return address;
    }

    @Override
    public JedisClientConfig clientConfig() {
        return Clients.config(TIMEOUT).build();
    }

    @Override
    public String description() {
        return "Redis " + RedisExecProvider.redisVersion + " (embedded) on " + address;
    }

    /** The operating system's id of the {@code redis-server} process, for whoever wants to stop it half way. */
    public long pid() {
        return pid;
    }

    @Override
    public void close() {
        process.close();
    }

    /** There is no binary for this platform, so a container is the next best choice. */
    static final class NoBinaryException extends RedisUnavailableException {

        private static final long serialVersionUID = 1L;

        NoBinaryException(Exception cause) {
            super(
                    "The embedded Redis has no binary for this platform (" + System.getProperty("os.name") + ", "
                            + System.getProperty("os.arch") + "): " + cause.getMessage() + ". " + INSTEAD,
                    cause);
        }
    }
}
