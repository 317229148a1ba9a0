package flashsale.setnx;

import flashsale.sale.Sleeper;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a lock: tries, pauses, tries again, until it is won or the deadline has passed. */
final class LockWait {

    private static final Duration PAUSE = Duration.ofMillis(10);

    private final InstantSource clock;
    private final Sleeper sleeper;
    private final Duration patience;

    /** @param patience how long to try, from the first attempt to the last; under the explorer whole seconds */
    LockWait(InstantSource clock, Sleeper sleeper, Duration patience) {
        this.clock = clock;
        this.sleeper = sleeper;
        this.patience = patience;
    }

    /**
     * Tries until an attempt wins.
     *
     * @param attempt one command that asks for the lock; whether it won
     * @return whether an attempt won in time
     */
    boolean until(BooleanSupplier attempt) {
        return untilNotNull(() -> attempt.getAsBoolean() ? Boolean.TRUE : null) != null;
    }

    /**
     * Tries until an attempt wins.
     *
     * @param attempt one command that asks for the lock; null if somebody else has it
     * @return what the attempt that won replied, or null if none won in time
     */
    <T> T untilNotNull(Supplier<T> attempt) {
        Instant deadline = clock.instant().plus(patience);
        while (true) {
            T won = attempt.get();
            if (won != null || !clock.instant().isBefore(deadline)) {
                return won;
            }
            sleeper.sleep(PAUSE, deadline);
        }
    }
}
