package flashsale.explore;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Sees which buyer waits for a monitor or lock of this JVM, and which buyer holds it; and who waits to be notified.
 * Where everybody else stands still, nobody can release or notify anything, so what is seen here stays true until a
 * schedule lets somebody run.
 */
final class JvmLocks {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final List<Actor> actors;

    JvmLocks(List<Actor> actors) {
        this.actors = actors;
    }

    /**
     * The buyer who holds the lock that this one waits for, and who stands still.
     *
     * @throws ExplorerException if the two are served by two processes: then the lock is static, and no such lock exists
     *     between two application servers
     */
    Optional<Actor> holder(Actor waiting) {
        if (waiting.getState() == Thread.State.RUNNABLE) {
            return Optional.empty();
        }
        ThreadInfo info = THREADS.getThreadInfo(waiting.getId());
        if (info == null || info.getLockInfo() == null) {
            return Optional.empty();
        }
        Optional<Actor> holder = actors.stream()
                .filter(other -> other != waiting && other.getId() == info.getLockOwnerId())
                .filter(other -> other.state() != Actor.State.RUNNING)
                .findFirst();
        holder.filter(other -> other.process() != waiting.process()).ifPresent(other -> {
            throw new ExplorerException(waiting.getName() + " and " + other.getName()
                    + " are served by two processes, but share the JVM lock " + info.getLockInfo()
                    + ": a static lock cannot stand for two application servers");
        });
        return holder;
    }

    /**
     * Whether this buyer is in {@link Object#wait()}. The JVM takes a thread out of this state at the moment at which it
     * is notified, not when it runs again.
     */
    boolean awaitsNotification(Actor waiting) {
        if (waiting.getState() != Thread.State.WAITING) {
            return false; // asked often, and a stack costs much more than a state
        }
        ThreadInfo info = THREADS.getThreadInfo(waiting.getId(), 1);
        return info != null
                && info.getThreadState() == Thread.State.WAITING
                && info.getStackTrace().length > 0
                && info.getStackTrace()[0].getClassName().equals("java.lang.Object");
    }

    /** Whether somebody else stands in line for the lock that this buyer waits for. */
    boolean isSecondInLine(Actor waiting) {
        String lock = lockOf(waiting);
        return actors.stream()
                .anyMatch(other -> other != waiting
                        && other.state() == Actor.State.BLOCKED
                        && lockOf(other).equals(lock));
    }

    /** The lock that a buyer waits for, as the JVM writes it. */
    static String lockOf(Actor waiting) {
        ThreadInfo info = THREADS.getThreadInfo(waiting.getId());
        return info == null ? "none" : String.valueOf(info.getLockInfo());
    }

    /** Where a thread is, for a message. */
    static String whereItStands(Thread thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        String caller = Arrays.stream(stack)
                .skip(1)
                .filter(frame -> !frame.getClassName().equals("java.lang.Object")) // wait() calls wait(long)
                .findFirst()
                .map(frame -> " from " + frame)
                .orElse("");
        return stack.length == 0 ? "its end" : stack[0] + caller;
    }
}
