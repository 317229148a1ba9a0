package flashsale.crowd;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Where a crowd gets its threads and its time from.
 *
 * @param threads makes daemons
 * @param timer starts to count the time that a crowd has, and tells the nanoseconds that are left, zero or less when
 *     time is up; it is asked again after every wait, so it may answer with a little at a time
 */
record Environment(ThreadFactory threads, Function<Duration, LongSupplier> timer) {

    static final Environment REAL = new Environment(Environment::daemon, Environment::realTime);

    static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "crowd");
        thread.setDaemon(true);
        return thread;
    }

    static LongSupplier realTime(Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        return () -> deadline - System.nanoTime();
    }
}
