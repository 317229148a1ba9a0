package flashsale.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;
import redis.embedded.RedisExecProvider;

@DisplayName("An embedded Redis")
@Timeout(30)
class EmbeddedRedisTest {

    private static final Callable<File> BINARY =
            () -> RedisExecProvider.defaultProvider().get();

    @TempDir
    Path temp;

    /** A copy of redis-server where the test can see it. */
    private File binaryInTemp() throws IOException {
        File extracted = RedisExecProvider.defaultProvider().get();
        Path moved = Files.createDirectory(temp.resolve("copy")).resolve("redis-server");
        Files.move(extracted.toPath(), moved);
        Files.delete(extracted.getParentFile().toPath());
        return moved.toFile();
    }

    private static ServerSocket occupied() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @Test
    @DisplayName("answers on a loopback port, says which version it is, and keeps nothing on disk")
    void answers() {
        try (EmbeddedRedis redis = EmbeddedRedis.start();
                RedisClient client = redis.connect()) {
            assertThat(client.ping()).isEqualTo("PONG");
            assertThat(client.configGet("save")).containsEntry("save", "");
            assertThat(client.configGet("appendonly")).containsEntry("appendonly", "no");
            assertThat(client.configGet("bind")).containsEntry("bind", "127.0.0.1");
            assertThat(client.info("server")).contains("process_id:" + redis.pid() + "\r\n");
            assertThat(redis.description())
                    .isEqualTo("Redis " + Clients.version(client.info("server")) + " (embedded) on 127.0.0.1:"
                            + redis.address().getPort());
        }
    }

    @Test
    @DisplayName("has clients that wait ten seconds at most, for a connection, a reply, or a blocking command")
    void patience() {
        try (EmbeddedRedis redis = EmbeddedRedis.start();
                RedisClient client = redis.connect()) {
            assertThat(redis.clientConfig().getConnectionTimeoutMillis()).isEqualTo(10_000);
            assertThat(redis.clientConfig().getSocketTimeoutMillis()).isEqualTo(10_000);
            assertThat(redis.clientConfig().getBlockingSocketTimeoutMillis()).isEqualTo(10_000);
            assertThat(client.getPool().getMaxWaitDuration()).hasSeconds(10);
        }
    }

    @Test
    @DisplayName("drops its binary once it runs, may use its folder, and leaves nothing when closed")
    void leavesNothing() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start(this::binaryInTemp, LoopbackPorts::free, "sh");
                RedisClient client = redis.connect()) {
            assertThat(temp.resolve("copy")).isEmptyDirectory();

            client.executeCommand(new CommandArguments(Protocol.Command.SAVE));
            assertThat(temp.resolve("copy")).isDirectoryContaining("glob:**/dump.rdb");
        }
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    @DisplayName("is gone after close, which may be called twice")
    void close() {
        EmbeddedRedis redis = EmbeddedRedis.start();
        ProcessHandle process = ProcessHandle.of(redis.pid()).orElseThrow();
        assertThat(process.isAlive()).isTrue();

        redis.close();
        redis.close();

        assertThat(process.isAlive()).isFalse();
    }

    @Test
    @DisplayName("takes extra options, and several servers run side by side")
    void extraOptions() {
        try (EmbeddedRedis node = EmbeddedRedis.start("--cluster-enabled", "yes");
                EmbeddedRedis other = EmbeddedRedis.start("--maxmemory", "12mb");
                RedisClient nodeClient = node.connect();
                RedisClient otherClient = other.connect()) {
            assertThat(nodeClient.info("cluster")).contains("cluster_enabled:1");
            assertThat(otherClient.info("cluster")).contains("cluster_enabled:0");
            assertThat(otherClient.configGet("maxmemory")).isEqualTo(Map.of("maxmemory", "12582912"));
        }
    }

    @Test
    @DisplayName("takes the next port when the first was taken after it was chosen")
    void nextPort() throws IOException {
        try (ServerSocket first = occupied();
                ServerSocket second = occupied()) {
            int free = LoopbackPorts.free();
            Iterator<Integer> ports =
                    List.of(first.getLocalPort(), second.getLocalPort(), free).iterator();

            try (EmbeddedRedis redis = EmbeddedRedis.start(BINARY, ports::next, "sh");
                    RedisClient client = redis.connect()) {
                assertThat(redis.address().getPort()).isEqualTo(free);
                assertThat(client.ping()).isEqualTo("PONG");
            }
        }
    }

    @Test
    @DisplayName("takes the next port when a cluster node's second port is taken")
    void nextPortForTheClusterBus() throws IOException {
        try (ServerSocket bus = occupied()) {
            int half = bus.getLocalPort() - 10_000;
            List<Integer> asked = new ArrayList<>();
            IntSupplier ports = () -> {
                asked.add(asked.isEmpty() ? half : LoopbackPorts.free());
                return asked.get(asked.size() - 1);
            };

            try (EmbeddedRedis redis = EmbeddedRedis.start(BINARY, ports, "sh", "--cluster-enabled", "yes")) {
                assertThat(asked).startsWith(half).hasSizeGreaterThan(1);
                assertThat(redis.address().getPort()).isEqualTo(asked.get(asked.size() - 1));
            }
        }
    }

    @Test
    @DisplayName("gives up after five ports that were taken, and names them")
    void fivePorts() throws IOException {
        try (ServerSocket occupied = occupied()) {
            int taken = occupied.getLocalPort();
            List<Integer> asked = new ArrayList<>();

            IntSupplier ports = () -> {
                asked.add(taken);
                return taken;
            };

            assertThatThrownBy(() -> EmbeddedRedis.start(BINARY, ports, "sh"))
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasMessageContaining("127.0.0.1")
                    .hasMessageContaining(
                            List.of(taken, taken, taken, taken, taken).toString())
                    .hasMessageContaining("Try again, or name a server of your own");
            assertThat(asked).hasSize(5);
        }
    }

    @Test
    @DisplayName("that refuses its options says so, with the command and its last words")
    void badOption() {
        assertThatThrownBy(() -> EmbeddedRedis.start("--no-such-option", "1"))
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining("--bind 127.0.0.1 --port ")
                .hasMessageContaining("--save \"\" --appendonly no")
                .hasMessageContaining("--no-such-option 1")
                .hasMessageContaining("Bad directive")
                .hasMessageContaining("-Dredis=docker");
    }

    @Test
    @DisplayName("says which shell is missing, and leaves no binary behind")
    void noShell() {
        assertThatThrownBy(() -> EmbeddedRedis.start(this::binaryInTemp, LoopbackPorts::free, "/no/such/sh"))
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining("needs a POSIX shell")
                .hasMessageContaining("/no/such/sh")
                .hasMessageContaining("redis-server --bind 127.0.0.1")
                .hasMessageContaining("-Dredis=docker");
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    @DisplayName("says that there is no binary for this platform, and what to use instead")
    void noBinary() {
        Callable<File> none = () -> {
            throw new IllegalArgumentException("No Redis executable found for OsArchitecture");
        };
        assertThatThrownBy(() -> EmbeddedRedis.start(none, LoopbackPorts::free, "sh"))
                .isInstanceOf(EmbeddedRedis.NoBinaryException.class)
                .hasMessageContaining(System.getProperty("os.name"))
                .hasMessageContaining("No Redis executable found")
                .hasMessageContaining("-Dredis=docker");
    }

    @Test
    @DisplayName("says where it could not be unpacked")
    void notUnpacked() {
        Callable<File> fullDisk = () -> {
            throw new IOException("No space left on device");
        };
        assertThatThrownBy(() -> EmbeddedRedis.start(fullDisk, LoopbackPorts::free, "sh"))
                .isInstanceOf(RedisUnavailableException.class)
                .isNotInstanceOf(EmbeddedRedis.NoBinaryException.class)
                .hasMessageContaining(System.getProperty("java.io.tmpdir"))
                .hasMessageContaining("No space left on device");
    }

    @Test
    @DisplayName("is not left running when the caller is interrupted while it starts")
    void interrupted() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> EmbeddedRedis.start(this::binaryInTemp, LoopbackPorts::free, "sh"))
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasMessageContaining("Interrupted");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(temp).isEmptyDirectory();
    }
}
