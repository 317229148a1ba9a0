package flashsale.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Compares a report with the file that shows how it should look; {@code -Dgolden=rewrite} writes the files anew. */
final class Golden {

    private static final Path FOLDER = Path.of("src/test/resources/flashsale/report");

    private Golden() {}

    static void check(String name, String report) {
        Path file = FOLDER.resolve(name + ".txt");
        String text = report.endsWith("\n") ? report : report + "\n";
        try {
            if ("rewrite".equals(System.getProperty("golden"))) {
                Files.createDirectories(FOLDER);
                Files.writeString(file, text, UTF_8);
            }
            assertThat(file).as("the golden file; -Dgolden=rewrite writes it").exists();
            assertThat(text)
                    .as("%s; -Dgolden=rewrite accepts what is printed now", file)
                    .isEqualTo(Files.readString(file, UTF_8).replace("\r\n", "\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
