package flashsale.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What the READMEs are checked with")
class DocsToolsTest {

    private static final String DOCUMENT = """
            # Lesson 1
            ```text
            by hand
            ```
            <!-- run: mvn -q compile exec:java -pl stage -Dexec.args="verdicts ReadThenWrite" -->
            ```text
            one

            two
            ```
            <!-- end -->
            <!-- run: mvn -q compile exec:java -pl stage -->
            ```text
            ```
            <!-- end -->
            the end
            """;

    @TempDir
    private Path folder;

    @Test
    void find_the_blocks_of_a_document() {
        assertThat(RunBlock.in(DOCUMENT))
                .containsExactly(
                        new RunBlock(
                                5,
                                "mvn -q compile exec:java -pl stage -Dexec.args=\"verdicts ReadThenWrite\"",
                                "one\n\ntwo\n"),
                        new RunBlock(12, "mvn -q compile exec:java -pl stage", ""));
    }

    @Test
    void rewrite_the_blocks_and_nothing_else() {
        assertThat(RunBlock.rewrite(DOCUMENT, RunBlock::output)).isEqualTo(DOCUMENT);
        assertThat(RunBlock.rewrite(DOCUMENT, block -> block.line() + "\n"))
                .isEqualTo(DOCUMENT.replace("one\n\ntwo\n", "5\n")
                        .replace("```text\n```\n<!-- end -->\nthe end", "```text\n12\n```\n<!-- end -->\nthe end"));
    }

    @Test
    void fill_a_block_that_holds_nothing_yet() {
        assertThat(RunBlock.rewrite("<!-- run: mvn -->\n<!-- end -->\n", block -> "one\n"))
                .isEqualTo("<!-- run: mvn -->\n```text\none\n```\n<!-- end -->\n");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {" -->", "```text", "two\n```", "<!-- end -->", "<!-- run: mvn -q"})
    void refuse_a_block_that_lacks_a_part(String part) {
        String lacking =
                DOCUMENT.substring(DOCUMENT.indexOf("<!-- run")).replaceFirst(java.util.regex.Pattern.quote(part), "");
        assertThatThrownBy(() -> RunBlock.in(lacking))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("line \\d+: a block of output without its .*");
    }

    @Test
    void take_the_arguments_out_of_a_command() {
        assertThat(Shell.arguments("mvn -q compile exec:java -pl stage")).isEmpty();
        assertThat(Shell.arguments("mvn -q compile exec:java -pl stage -Dexec.args=bench"))
                .containsExactly("bench");
        assertThat(Shell.arguments(
                        "mvn -q compile exec:java -pl stage -Dexec.args=\"replay 'A/two buyers' 1A --json\""))
                .containsExactly("replay", "A/two buyers", "1A", "--json");
        assertThatThrownBy(() -> Shell.arguments("mvn test -pl stage")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void show_the_lines_that_differ() {
        assertThat(Difference.between("a\nb\nc\nd\ne\nf\ng\n", "a\nb\nc\nX\nY\ne\nf\ng\n"))
                .isEqualTo("""
                  b
                  c
                - d
                + X
                + Y
                  e
                  f
                """);
        assertThat(Difference.between("a\n", "a\n")).isEmpty();
        assertThat(Difference.between("a\na\n", "a\n")).isEqualTo("  a\n- a\n");
    }

    @Test
    void find_links_that_lead_nowhere() throws IOException {
        Files.createDirectory(folder.resolve("lesson"));
        Files.writeString(folder.resolve("lesson/Step.java"), "1\n2\n3\n");
        Files.writeString(folder.resolve("lesson/README.md"), """
                # The `WATCH` lesson, *again*
                ## Twice
                ```text
                ## Not a heading
                ```
                ## Twice
                <a id="here"></a>
                """);
        Path readme = folder.resolve("README.md");
        Files.writeString(readme, """
                # Front door
                [a](lesson/README.md) [b](lesson) [c](lesson/README.md#the-watch-lesson-again) [d](#front-door)
                [e](lesson/README.md#twice-1 "title") ![f](lesson/Step.java#L3) [g](https://nowhere.invalid/x)
                <a href="lesson/README.md#here">h</a> `[code](nowhere)` [i](/lesson) [j](mailto:a@b)
                ```text
                [k](nowhere)
                ```
                [broken1](lesson2) [broken2](#back-door) [broken3](lesson/README.md#not-a-heading)
                [broken4](lesson/Step.java#L4) [broken5](../outside.md) <img src="broken6.png">
                [broken7]: lesson/README.md#twice-2
                """);
        assertThat(Links.broken(folder, readme))
                .isEqualTo(List.of(
                        "lesson2: there is no such file",
                        "#back-door: the file has no such place",
                        "lesson/README.md#not-a-heading: the file has no such place",
                        "lesson/Step.java#L4: the file has no such place",
                        "../outside.md: leads out of the repository",
                        "broken6.png: there is no such file",
                        "lesson/README.md#twice-2: the file has no such place"));
    }
}
