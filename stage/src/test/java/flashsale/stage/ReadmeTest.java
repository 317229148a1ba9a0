package flashsale.stage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import flashsale.stage.Shell.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** {@code mvn test -pl stage -Ddocs=rewrite} writes into the READMEs what the commands print now. */
@DisplayName("Every README")
class ReadmeTest {

    private static final boolean REWRITE = "rewrite".equals(System.getProperty("docs"));

    private final Map<String, String> printed = new HashMap<>();

    @TestFactory
    Stream<DynamicTest> shows_what_its_commands_print() {
        return Repository.readmes().stream()
                .map(readme -> DynamicTest.dynamicTest(name(readme), () -> compareWithRuns(readme)));
    }

    @TestFactory
    Stream<DynamicTest> links_only_to_what_there_is() {
        return Repository.readmes().stream()
                .map(readme -> DynamicTest.dynamicTest(
                        name(readme),
                        () -> assertThat(Links.broken(Repository.ROOT, readme))
                                .as("links that lead nowhere")
                                .isEmpty()));
    }

    private void compareWithRuns(Path readme) throws IOException {
        String document = Files.readString(readme, UTF_8);
        if (REWRITE) {
            Files.writeString(readme, RunBlock.rewrite(document, this::print), UTF_8);
            return;
        }
        List<String> differences = RunBlock.in(document).stream()
                .map(block -> difference(name(readme), block))
                .filter(difference -> !difference.isEmpty())
                .toList();
        if (!differences.isEmpty()) {
            fail(String.join("\n", differences)
                    + "\n-Ddocs=rewrite puts into the READMEs what is printed now: mvn test -pl stage -Ddocs=rewrite");
        }
    }

    private String difference(String file, RunBlock block) {
        String difference = Difference.between(block.output(), print(block));
        return difference.isEmpty()
                ? ""
                : file + ":" + block.line() + ": " + block.command() + "\n(- what stands there, + what it prints)\n"
                        + difference;
    }

    private String print(RunBlock block) {
        return printed.computeIfAbsent(block.command(), command -> {
            Ran ran = Shell.inPipe().paste(command);
            assertThat(ran.exitCode()).as("%s: %s", command, ran.err()).isZero();
            return ran.out();
        });
    }

    private static String name(Path readme) {
        return Repository.ROOT.relativize(readme).toString().replace('\\', '/');
    }
}
