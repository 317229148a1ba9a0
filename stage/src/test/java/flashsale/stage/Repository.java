package flashsale.stage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The folder that holds everything. */
final class Repository {

    static final Path ROOT = root();

    private Repository() {}

    /** {@code README.md}, and that of each folder below, in the order of their names. */
    static List<Path> readmes() {
        List<Path> readmes = new ArrayList<>(List.of(ROOT.resolve("README.md")));
        try (Stream<Path> folders = Files.list(ROOT)) {
            folders.sorted().map(folder -> folder.resolve("README.md")).forEach(readmes::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        readmes.removeIf(readme -> !Files.isRegularFile(readme));
        return readmes;
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("workbench")) || !Files.isDirectory(folder.resolve("stage"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
