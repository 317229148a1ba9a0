package flashsale.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An embedded Redis whose JVM is killed with kill -9")
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EmbeddedRedisDeathTest {

    @TempDir
    Path temp;

    /** What the child JVM runs. */
    static final class StartAndWait {

        public static void main(String[] arguments) throws IOException {
            System.out.println(EmbeddedRedis.start().pid());
            System.in.read();
        }
    }

    @Test
    @DisplayName("dies too, and leaves nothing behind")
    void diesWithItsJvm() throws Exception {
        Process jvm = ChildJvm.start(StartAndWait.class, temp);
        try (WatchService changes = temp.getFileSystem().newWatchService();
                BufferedReader output = jvm.inputReader()) {
            long pid = Long.parseLong(output.readLine());
            ProcessHandle redis = ProcessHandle.of(pid).orElseThrow();
            assertThat(redis.isAlive()).isTrue();
            assertThat(redis.info().command()).get().asString().contains("redis-server");
            temp.register(changes, StandardWatchEventKinds.ENTRY_DELETE);

            jvm.destroyForcibly();

            redis.onExit().get(10, TimeUnit.SECONDS);
            assertThat(redis.isAlive()).isFalse();
            awaitEmpty(changes);
            assertThat(temp).isEmptyDirectory();
        } finally {
            jvm.destroyForcibly();
        }
    }

    /** The server's folder goes a moment after the server. */
    private void awaitEmpty(WatchService changes) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!isEmpty() && System.nanoTime() < end) {
            changes.poll(100, TimeUnit.MILLISECONDS);
        }
    }

    private boolean isEmpty() throws IOException {
        try (Stream<Path> entries = Files.list(temp)) {
            return entries.findAny().isEmpty();
        }
    }
}
