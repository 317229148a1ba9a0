package flashsale.redisson;

import static org.assertj.core.api.Assertions.assertThat;

import flashsale.redis.RedisServer;
import flashsale.redis.RedissonConnection;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.redisson.api.RLock;
import redis.clients.jedis.RedisClient;

/**
 * Under the explorer the watchdog strikes when a schedule says so; here it is Redisson's own timer that does. A slow
 * machine makes these tests slow, and not red: each waits for what Redis says, and what it says then stays so.
 */
@DisplayName("The watchdog in real time")
class WatchdogTest {

    private static final String LOCK = "sale:{concert}:lock";
    private static final long HAS_NO_END = -1;
    private static final int TIMEOUT_MILLIS = 300;

    private final RedisServer server = EmptyRedis.shared();
    private final RedisClient redis = server.connect();
    private final RedissonConnection redisson =
            RedissonConnection.to(server, config -> config.setLockWatchdogTimeout(TIMEOUT_MILLIS));
    private final RLock lock = redisson.client().getLock(LOCK);

    @AfterEach
    void close() {
        redisson.close();
        redis.close();
    }

    @Test
    @Order(1)
    @DisplayName("lock() without a lease is renewed: its time is set anew, and nobody asked for it")
    void renews() {
        Await.until("the lock has no end", () -> {
            lock.lock();
            return redis.persist(LOCK) == 1; // if not, it has ended meanwhile: once more
        });

        Await.until("somebody has set its time", () -> redis.pttl(LOCK) != HAS_NO_END);
    }

    @Test
    @Order(2)
    @DisplayName("lock(lease) is not: its key is gone when the lease is over, whoever holds it")
    void doesNotRenewALease() {
        lock.lock(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS); // a watchdog would renew it three times meanwhile

        Await.until("the lock is gone", () -> !redis.exists(LOCK));

        assertThat(lock.isHeldByCurrentThread()).isFalse();
    }
}
