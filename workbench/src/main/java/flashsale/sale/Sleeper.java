package flashsale.sale;

import java.time.Duration;
import java.time.Instant;

/**
 * How a buyer waits between two attempts. A step that waits takes one from its constructor, together with a clock, so
 * that the explorer can put virtual time in place of real time.
 */
public interface Sleeper {

    /** A deadline for those who have none. */
    Instant NO_DEADLINE = Instant.MAX;

    /**
     * Pauses, but not beyond the deadline.
     *
     * @param pause how long to pause; not negative
     * @param deadline when to stop waiting although the pause is not over
     * @throws IllegalStateException if the thread is interrupted; the interrupt flag stays set
     */
    void sleep(Duration pause, Instant deadline);

    /** Pauses. @throws IllegalStateException if the thread is interrupted; the interrupt flag stays set */
    default void sleep(Duration pause) {
        sleep(pause, NO_DEADLINE);
    }

    /** Really sleeps, on the calling thread. */
    static Sleeper real() {
        return (pause, deadline) -> {
            long millis = pause.toMillis();
            if (!deadline.equals(NO_DEADLINE)) {
                millis = Math.min(
                        millis, Duration.between(Instant.now(), deadline).toMillis());
            }
            try {
                Thread.sleep(Math.max(0, millis));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for the next attempt", e);
            }
        };
    }
}
