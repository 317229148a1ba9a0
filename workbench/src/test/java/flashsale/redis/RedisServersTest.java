package flashsale.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The servers of a JVM")
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RedisServersTest {

    private static final Supplier<RedisServer> NO_BINARY = () -> {
        throw new EmbeddedRedis.NoBinaryException(new IllegalArgumentException("no binary for Plan 9"));
    };
    private static final Supplier<RedisServer> BROKEN = () -> {
        throw new RedisUnavailableException("five ports taken");
    };
    private static final Supplier<DockerRedis.Attempt> NO_DOCKER = () -> new DockerRedis.Unavailable("no engine");
    private static final Supplier<DockerRedis.Attempt> ASKED = () -> {
        throw new IllegalStateException("Docker was asked");
    };

    private static RedisServer start(
            RedisChoice choice, Supplier<RedisServer> embedded, Supplier<DockerRedis.Attempt> docker) {
        return RedisServers.start(choice, embedded, docker, false);
    }

    @Test
    @DisplayName("are embedded by default, and Docker is not even asked")
    void embedded() {
        try (RedisServer redis = start(new RedisChoice.Embedded(), EmbeddedRedis::start, ASKED)) {
            assertThat(redis).isInstanceOf(EmbeddedRedis.class);
        }
    }

    @Test
    @DisplayName("run in a container where there is no binary for the platform")
    void fallback() {
        assertThatThrownBy(() -> start(new RedisChoice.Embedded(), NO_BINARY, ASKED))
                .hasMessage("Docker was asked");
    }

    @Test
    @DisplayName("are not to be had without binary and without Docker, and both reasons are told")
    void neither() {
        assertThatThrownBy(() -> start(new RedisChoice.Embedded(), NO_BINARY, NO_DOCKER))
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining("no binary for Plan 9")
                .hasMessageContaining("A container was tried instead: no engine");
    }

    @Test
    @DisplayName("do not hide another failure of the embedded one behind Docker")
    void broken() {
        assertThatThrownBy(() -> start(new RedisChoice.Embedded(), BROKEN, ASKED))
                .hasMessage("five ports taken");
    }

    @Test
    @DisplayName("are not to be had with -Dredis=docker and no engine, and the way out is told")
    void noEngine() {
        assertThatThrownBy(() -> start(new RedisChoice.Docker(), BROKEN, NO_DOCKER))
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessage("no engine; or leave -Dredis and REDIS_URL away to use the embedded one");
    }

    @Test
    @DisplayName("may be the reader's own, which is wiped only if asked")
    void remote() {
        try (EmbeddedRedis target = EmbeddedRedis.start();
                var client = target.connect()) {
            client.set("somebody", "else's");
            RedisChoice choice = RedisChoice.of("redis://" + target.address(), null);

            assertThatThrownBy(() -> RedisServers.start(choice, BROKEN, ASKED, false))
                    .hasMessageContaining("is not empty: it holds 1 key,");
            RedisServers.start(choice, BROKEN, ASKED, true).close();

            assertThat(client.dbSize()).isZero();
        }
    }

    /** What the child JVM runs: asks twice, and the second time with another wish. */
    static final class AskTwice {

        public static void main(String[] arguments) {
            ask();
            System.setProperty("redis", "redis://127.0.0.1:1");
            ask();
        }

        private static void ask() {
            try {
                RedisServer redis = RedisServers.shared();
                long pid = redis instanceof EmbeddedRedis embedded ? embedded.pid() : 0;
                System.out.println("got " + pid + " " + redis.description());
            } catch (RedisUnavailableException unavailable) {
                System.out.println("sorry: " + unavailable.getMessage());
            }
        }
    }

    @Test
    @DisplayName("are announced in one line, started once, and closed with the JVM")
    void shared(@TempDir Path temp) throws Exception {
        Process jvm = ChildJvm.start(AskTwice.class, temp);
        List<String> lines = jvm.inputReader().lines().toList();

        assertThat(jvm.waitFor()).isZero();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).matches("Redis [0-9.]+ \\(embedded\\) on 127\\.0\\.0\\.1:\\d+");
        assertThat(lines.get(1)).matches("got \\d+ .*").endsWith(lines.get(0));
        assertThat(lines.get(2)).isEqualTo(lines.get(1));
        assertThat(ProcessHandle.of(Long.parseLong(lines.get(1).split(" ")[1]))).isEmpty();
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    @DisplayName("that cannot be had are not tried again")
    void failure(@TempDir Path temp) throws Exception {
        Process jvm = ChildJvm.start(AskTwice.class, temp, "-Dredis=valkey");
        List<String> lines = jvm.inputReader().lines().toList();

        assertThat(jvm.waitFor()).isZero();
        assertThat(lines).hasSize(2).allMatch(line -> line.startsWith("sorry: -Dredis is \"valkey\", but must be"));
    }
}
