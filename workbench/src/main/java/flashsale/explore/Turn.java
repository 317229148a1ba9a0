package flashsale.explore;

import java.util.concurrent.locks.LockSupport;

/**
 * The right to run: at any time one thread has it, and everybody else waits. Whoever passes it on makes all that it did
 * visible to whoever gets it.
 */
final class Turn {

    /** Waiting threads look this often before they go to sleep; a hand-over between two cores takes less. */
    private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 200 : 0;

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
        Thread self = Thread.currentThread();
        for (int i = 0; holder != self; i++) {
            if (i < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
            }
        }
    }

    /** Waits until the calling thread has the turn, at most so long. @return whether it has */
    boolean await(long nanos) {
        Thread self = Thread.currentThread();
        long end = System.nanoTime() + nanos;
        while (holder != self) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            LockSupport.parkNanos(this, left);
        }
        return true;
    }
}
