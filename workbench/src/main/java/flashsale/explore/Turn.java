package flashsale.explore;

import java.util.concurrent.locks.LockSupport;

/**
 * The right to run: at any time one thread has it, and everybody else waits. Whoever passes it on makes all that it did
 * visible to whoever gets it.
 */
final class Turn {

    /** How long an alert thread keeps looking before it goes to sleep after all: about two schedules. */
    private static final long LOOK_NANOS = 2_000_000;

    private volatile Thread holder;

    Turn(Thread first) {
        holder = first;
    }

    Thread holder() {
        return holder;
    }

    void passTo(Thread next) {
        holder = next;
        LockSupport.unpark(next instanceof Actor actor ? actor.acting() : next);
    }

    /** Waits until the calling thread has the turn. */
    void await() {
        Thread self = self();
        while (holder != self) {
            LockSupport.park(this);
        }
    }

    private static Thread self() {
        Actor actor = Actor.current();
        return actor == null ? Thread.currentThread() : actor;
    }

    /**
     * Waits until the calling thread has the turn, at most so long.
     *
     * @param alert whether to keep looking for a while instead of going to sleep
     * @return whether it has the turn
     */
    boolean await(long nanos, boolean alert) {
        Thread self = self();
        long start = System.nanoTime();
        long waited = 0;
        while (holder != self && waited < nanos) {
            if (alert && waited < LOOK_NANOS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(this, nanos - waited);
            }
            waited = System.nanoTime() - start;
        }
        return holder == self;
    }
}
