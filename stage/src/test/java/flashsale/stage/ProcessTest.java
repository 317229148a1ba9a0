package flashsale.stage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The process")
class ProcessTest {

    @TempDir
    private Path folder;

    @Test
    void hands_its_exit_code_to_the_shell() throws Exception {
        assertThat(run("verdicts", "ReadThenWrit")).isEqualTo(2);
        assertThat(out()).isEmpty();
        assertThat(err()).isEqualTo("unknown step ReadThenWrit; did you mean ReadThenWrite?\n");
    }

    @Test
    void keeps_stdout_for_results_and_ends_by_itself() throws Exception {
        assertThat(run("verdicts", "ReadThenWrite", "--json")).isZero();
        assertThat(JsonParser.parseString(out()).getAsJsonArray()).hasSize(2);
        assertThat(err()).startsWith("Redis ").hasLineCount(1);
    }

    private int run(String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        try {
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("it ends").isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private String out() throws IOException {
        return read("out");
    }

    private String err() throws IOException {
        return read("err");
    }

    private String read(String file) throws IOException {
        return Files.readString(folder.resolve(file), UTF_8).replace("\r\n", "\n");
    }
}
