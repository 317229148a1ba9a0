package flashsale.redisson;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for facts that somebody can look up, and never for a time in which they ought to have come true. */
final class Await {

    /** So long that only a machine that stands still meets it; whoever waits goes on as soon as the fact is there. */
    static final Duration LIMIT = Duration.ofSeconds(30);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(1);

    private Await() {}

    /** Looks again and again, until it is so; fails when {@link #LIMIT} is over. */
    static void until(String what, BooleanSupplier fact) {
        assertThat(comesTrue(LIMIT, fact)).as(what).isTrue();
    }

    /** Looks at least once, and again and again until it is so or the time is up. */
    static boolean comesTrue(Duration limit, BooleanSupplier fact) {
        long end = System.nanoTime() + limit.toNanos();
        while (!fact.getAsBoolean()) {
            if (System.nanoTime() >= end) {
                return false;
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
        return true;
    }
}
