package flashsale.explore;

import java.util.concurrent.locks.LockSupport;

/**
 * The right to run: at any time one thread has it, and everybody else waits. Whoever passes it on makes all that it did
 * visible to whoever gets it.
 */
final class Turn {

    /**
     * How long the explorer's thread keeps looking before it goes to sleep: about two schedules. That keeps one core
     * awake, and the buyers and the server together on another; on a virtual machine, waking an idle core takes longer
     * than most commands, and the search takes almost twice the time.
     */
    private static final long LOOK_NANOS = Runtime.getRuntime().availableProcessors() > 1 ? 2_000_000 : 0;

    private volatile Thread holder;

    Turn(Thread first) {
        holder = first;
    }

    Thread holder() {
        return holder;
    }

    void passTo(Thread next) {
        holder = next;
        LockSupport.unpark(next);
    }

    /** Waits until the calling thread has the turn. */
    void await() {
        while (holder != Thread.currentThread()) {
            LockSupport.park(this);
        }
    }

    /** Waits until the calling thread has the turn, at most so long. @return whether it has */
    boolean await(long nanos) {
        Thread self = Thread.currentThread();
        long start = System.nanoTime();
        long waited = 0;
        while (holder != self && waited < nanos) {
            if (waited < LOOK_NANOS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(this, nanos - waited);
            }
            waited = System.nanoTime() - start;
        }
        return holder == self;
    }
}
