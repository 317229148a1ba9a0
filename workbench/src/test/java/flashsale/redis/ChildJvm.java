package flashsale.redis;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A second JVM for the tests that need one that dies, or one that has not chosen its Redis yet. */
final class ChildJvm {

    private ChildJvm() {}

    /**
     * @param temp its java.io.tmpdir
     * @param options such as {@code -Dredis=docker}
     */
    static Process start(Class<?> main, Path temp, String... options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + temp));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().remove("REDIS_URL");
        return builder.start();
    }
}
