package flashsale.redisson;

import static org.assertj.core.api.Assertions.assertThat;

import flashsale.redis.RedisServers;
import flashsale.redis.RedissonConnection;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.redisson.api.RLock;
import redis.clients.jedis.RedisClient;

/** Under the explorer the watchdog strikes when a schedule says so; here it is Redisson's own timer that does. */
@DisplayName("The watchdog in real time")
class WatchdogTest {

    private static final String LOCK = "sale:{concert}:lock";
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Looks again and again until it is so, and then at once goes on; gives up after a long time. */
    private static boolean becomesTrue(BooleanSupplier what) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!what.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }

    @Test
    @Order(1)
    @DisplayName("lock() without a lease is renewed: what is left of its time goes up again")
    void renews() {
        try (RedisClient redis = RedisServers.shared().connect();
                RedissonConnection redisson = RedissonConnection.to(
                        RedisServers.shared(), config -> config.setLockWatchdogTimeout(TIMEOUT.toMillis()))) {
            RLock lock = redisson.client().getLock(LOCK);
            lock.lock();
            try {
                redis.pexpire(LOCK, TIMEOUT.toMillis() - 100); // as if a little time had passed
                long before = redis.pttl(LOCK);

                assertThat(becomesTrue(() -> redis.pttl(LOCK) > before)).isTrue();
            } finally {
                lock.unlock();
            }
            assertThat(redis.exists(LOCK)).isFalse();
        }
    }

    @Test
    @Order(2)
    @DisplayName("lock(lease) is not: its key is gone when the lease is over, whoever holds it")
    void doesNotRenewALease() {
        try (RedisClient redis = RedisServers.shared().connect();
                RedissonConnection redisson =
                        RedissonConnection.to(RedisServers.shared(), config -> config.setLockWatchdogTimeout(300))) {
            RLock lock = redisson.client().getLock(LOCK);
            lock.lock(1, TimeUnit.SECONDS);

            assertThat(becomesTrue(() -> !redis.exists(LOCK))).isTrue();
            assertThat(lock.isHeldByCurrentThread()).isFalse();
        }
    }

    @Test
    @Order(3)
    @DisplayName("a client that is closed leaves no thread behind")
    void leavesNoThread() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (RedissonConnection redisson = RedissonConnection.to(RedisServers.shared())) {
            RLock lock = redisson.client().getLock(LOCK);
            lock.lock();
            lock.unlock();
        }

        assertThat(becomesTrue(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> !before.contains(thread)
                                && thread.getName().toLowerCase().contains("redisson"))))
                .isTrue();
    }
}
