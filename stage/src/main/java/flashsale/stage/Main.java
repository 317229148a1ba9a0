package flashsale.stage;

import flashsale.explore.Explorer;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOError;
import java.io.IOException;

/** The entry point: {@code mvn -q compile exec:java -pl stage}. */
public final class Main {

    private Main() {}

    /**
     * Runs one command, or {@code verdicts} of every lesson if there is none, and ends the JVM with its exit code; by
     * nothing else would the code reach the shell through Maven.
     */
    public static void main(String[] args) {
        Streams streams = Streams.standard();
        Stage stage = new Stage(Lessons.ALL, Explorer::explore, () -> SharedRedis.announcedOn(streams.err()), streams);
        int exitCode = stage.run(args);
        if (!streams.terminal()) {
            closeStdout();
        }
        System.exit(exitCode);
    }

    /**
     * What is in a pipe is complete now. Some Mavens (Debian's) say goodbye to a terminal that is not there with an
     * escape sequence, after which JSON would be none; they shall write it to nowhere, and not complain about that.
     */
    private static void closeStdout() {
        System.out.flush();
        try {
            new FileOutputStream(FileDescriptor.out).close();
        } catch (IOException whoReadIsGone) {
            return;
        }
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
            if (!(thrown instanceof IOError)) {
                thrown.printStackTrace();
            }
        });
    }
}
