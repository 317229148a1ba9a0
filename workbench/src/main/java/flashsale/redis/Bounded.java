package flashsale.redis;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs what may hang and offers no time limit of its own: a name look-up, a talk with a Docker engine. */
final class Bounded {

    private Bounded() {}

    /**
     * Runs the task on a thread of its own, which does not keep the JVM alive, and leaves it behind when time is up.
     *
     * @throws TimeoutException if the task is not over after {@code limit}
     * @throws ExecutionException if the task throws; its cause is what was thrown
     * @throws InterruptedException if the caller is interrupted
     */
    static <T> T call(Duration limit, String name, Callable<T> task)
            throws TimeoutException, ExecutionException, InterruptedException {
        FutureTask<T> future = new FutureTask<>(task);
        Thread thread = new Thread(future, name);
        thread.setDaemon(true);
        thread.start();
        try {
            return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | InterruptedException givenUp) {
            future.cancel(true);
            throw givenUp;
        }
    }
}
