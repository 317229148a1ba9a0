package flashsale.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A guarded process")
@Timeout(30)
class GuardedProcessTest {

    private static final Duration LONG = Duration.ofSeconds(10);

    @TempDir
    Path temp;

    private Path folder;

    @BeforeEach
    void folderOfItsOwn() throws IOException {
        folder = Files.createDirectory(temp.resolve("it's a folder"));
    }

    private GuardedProcess run(String script) throws IOException {
        return GuardedProcess.start("sh", folder, List.of("sh", "-c", script), "ready");
    }

    @Test
    @DisplayName("is killed by close, and its folder goes with everything in it")
    void close() throws Exception {
        GuardedProcess process = run("echo $$ is ready; touch \"" + folder + "/dump.rdb\"; exec sleep 60");
        String line = process.await(LONG).orElseThrow();
        ProcessHandle program =
                ProcessHandle.of(Long.parseLong(line.split(" ")[0])).orElseThrow();
        assertThat(program.isAlive()).isTrue();

        process.close();
        process.close();

        assertThat(program.isAlive()).isFalse();
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    @DisplayName("that ends by itself is not waited for, and its last twenty lines are kept")
    void ends() throws Exception {
        long start = System.nanoTime();
        try (GuardedProcess process = run("for i in $(seq 1 30); do echo line $i; done; echo trouble >&2")) {
            assertThat(process.await(LONG)).isEmpty();

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONG.dividedBy(2));
            assertThat(process.lastLines()).hasSize(20).endsWith("line 29", "line 30", "trouble");
        }
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    @DisplayName("that never gets ready is given up when time is up")
    void never() throws Exception {
        try (GuardedProcess process = run("exec sleep 60")) {
            assertThat(process.await(Duration.ofMillis(50))).isEmpty();
        }
    }

    @Test
    @DisplayName("may write more than a pipe holds")
    void talkative() throws Exception {
        try (GuardedProcess process = run("seq 1 50000; echo now ready; exec sleep 60")) {
            assertThat(process.await(LONG)).contains("now ready");
            assertThat(process.lastLines()).contains("50000");
        }
    }

    @Test
    @DisplayName("sees its arguments as they are, blanks, quotes and the empty one included")
    void arguments() throws Exception {
        List<String> command = List.of("printf", "<%s>", "", "two words", "it's", "ready\n");
        try (GuardedProcess process = GuardedProcess.start("sh", folder, command, "ready")) {
            assertThat(process.await(LONG)).contains("<><two words><it's><ready");
        }
    }
}
