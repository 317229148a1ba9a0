package flashsale.redis;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A program that dies with this JVM, even when the JVM is killed with {@code kill -9} and runs no shutdown hook.
 *
 * <p>A shell stands between the two. It starts the program and then reads a pipe that only this JVM can write to. When
 * the JVM ends, in whatever way, the operating system closes the pipe; the shell wakes up, kills the program and
 * removes its folder.
 */
final class GuardedProcess implements AutoCloseable {

    /**
     * The signals of a terminal go to the whole process group; the shell ignores them, so that it ends after the JVM
     * and not before. Once the program runs, the shell lets go of the output pipe: the end of the output is then the
     * end of the program.
     */
    private static final String SCRIPT = String.join(
            "\n",
            "folder=$1",
            "shift",
            "trap '' HUP INT TERM",
            "\"$@\" </dev/null &",
            "pid=$!",
            "exec >/dev/null 2>&1",
            "cat",
            "kill -9 $pid",
            "wait $pid",
            "rm -rf \"$folder\"");

    private static final int KEPT_LINES = 20;

    private final Process shell;
    private final CompletableFuture<Optional<String>> awaited = new CompletableFuture<>();
    private final Deque<String> lastLines = new ArrayDeque<>();

    private GuardedProcess(Process shell) {
        this.shell = shell;
    }

    /**
     * @param shellName a POSIX shell, looked up on the PATH
     * @param folder the program's own folder: removed with everything in it when the program has ended
     * @param command the program and its arguments
     * @param awaited the text in the line of output that {@link #await} waits for
     * @throws IOException if there is no such shell; the folder is then still there
     */
    static GuardedProcess start(String shellName, Path folder, List<String> command, String awaited)
            throws IOException {
        List<String> line = new ArrayList<>(List.of(shellName, "-c", SCRIPT, shellName, folder.toString()));
        line.addAll(command);
        GuardedProcess process = new GuardedProcess(
                new ProcessBuilder(line).redirectErrorStream(true).start());
        Thread reader = new Thread(() -> process.drain(awaited), "output of " + command.get(0));
        reader.setDaemon(true);
        reader.start();
        return process;
    }

    /** Reads to the end, since a program whose output nobody reads stops when the pipe is full. */
    private void drain(String text) {
        try (BufferedReader output = shell.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                keep(line);
                if (line.contains(text)) {
                    awaited.complete(Optional.of(line));
                }
            }
        } catch (IOException closed) {
            // The pipe was closed under the reader; nothing more will come.
        }
        awaited.complete(Optional.empty());
        release();
    }

    private void keep(String line) {
        synchronized (lastLines) {
            lastLines.add(line);
            if (lastLines.size() > KEPT_LINES) {
                lastLines.remove();
            }
        }
    }

    /**
     * Waits for the awaited line.
     *
     * @param limit the longest wait
     * @return the line, or empty if the program ended without it, or did not write it in time
     * @throws InterruptedException if the caller is interrupted
     */
    Optional<String> await(Duration limit) throws InterruptedException {
        try {
            return awaited.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException notInTime) {
            return Optional.empty();
        }
    }

    /** The last lines of output, errors included: at most twenty. */
    List<String> lastLines() {
        synchronized (lastLines) {
            return List.copyOf(lastLines);
        }
    }

    /**
     * Kills the program and waits until its folder is gone too. A caller that is interrupted does not wait; the shell
     * finishes by itself.
     */
    @Override
    public void close() {
        release();
        try {
            if (!shell.waitFor(10, TimeUnit.SECONDS)) {
                shell.descendants().forEach(ProcessHandle::destroyForcibly);
                shell.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Wakes the shell. It is woken as soon as the program has ended by itself, since it kills by process number, and
     * the operating system gives an old number to somebody else in the end.
     */
    private void release() {
        try {
            shell.getOutputStream().close();
        } catch (IOException alreadyGone) {
            // A shell that is gone needs no waking.
        }
    }
}
