package flashsale.sale;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * How a step does something again and again beside a purchase, such as renewing a lease. A step that needs it takes one
 * from its constructor, so that the explorer can choose when the task runs.
 *
 * <p>Under the explorer a task runs once, at any moment after it was started: also after {@link Repeated#close}, since a
 * run may have begun before that and send its command later. Time stands still there while anybody can run, so a second
 * run would find the lease as the first one left it. Who runs the task belongs to the process of the buyer who started
 * it: a crash takes both, and a pause that outlasts a lease halts both.
 */
public interface Repeater {

    /** A task that is being repeated. */
    interface Repeated extends AutoCloseable {

        /** From now on no run begins. Does not wait for one that is under way. Closing twice does no harm. */
        @Override
        void close();
    }

    /**
     * Runs a task again and again until it is closed, on a thread of the process's own. What the task throws is
     * dropped, and the next run comes all the same.
     *
     * @param period the time between two runs, and before the first; above zero
     * @param task sends its commands and returns; it must not sleep
     */
    Repeated every(Duration period, Runnable task);

    /** Really repeats, on one daemon thread of this JVM that all tasks share; it ends when there are none. */
    static Repeater real() {
        return (period, task) -> {
            Runnable dropping = () -> {
                try {
                    task.run();
                } catch (RuntimeException dropped) {
                    // The next run tries again.
                }
            };
            ScheduledFuture<?> runs = RepeaterThread.ONLY.scheduleAtFixedRate(
                    dropping, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
            return () -> runs.cancel(false);
        };
    }
}

/** The thread behind {@link Repeater#real()}. */
final class RepeaterThread {

    static final ScheduledThreadPoolExecutor ONLY = start();

    private RepeaterThread() {}

    private static ScheduledThreadPoolExecutor start() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "repeater");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setKeepAliveTime(1, TimeUnit.SECONDS);
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}
