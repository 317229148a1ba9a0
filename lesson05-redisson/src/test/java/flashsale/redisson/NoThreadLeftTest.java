package flashsale.redisson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.redis.RedissonConnection;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.redisson.api.RLock;
import org.redisson.config.Config;

/** {@link NoThreadLeft} looks after every test class of this lesson; it is registered in {@code META-INF/services}. */
@DisplayName("Threads · no thread of Redisson's outlives a test class of this lesson")
class NoThreadLeftTest {

    @Test
    @Order(1)
    @DisplayName("a client that has locked, and is shut down, leaves none")
    void closed() {
        try (RedissonConnection redisson = RedissonConnection.to(EmptyRedis.shared())) {
            RLock lock = redisson.client().getLock("sale:{concert}:lock");
            lock.lock(); // starts the watchdog, too
            lock.unlock();
        }

        NoThreadLeft.assertNone("a client that is shut down", Await.LIMIT);
    }

    @Test
    @Order(2)
    @DisplayName("a client that somebody forgot to shut down is noticed")
    void forgotten() {
        try (RedissonConnection forgotten = RedissonConnection.to(EmptyRedis.shared())) {
            assertThat(forgotten.client().isShutdown()).isFalse();

            assertThatThrownBy(() -> NoThreadLeft.assertNone("a forgotten client", Duration.ZERO))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("redisson");
        }
    }

    @Test
    @Order(3)
    @DisplayName("a client has 48 threads of its own, unless it is told otherwise")
    void howMany() {
        assertThat(new Config().getThreads() + new Config().getNettyThreads()).isEqualTo(48);
    }

    @Test
    @Order(4)
    @DisplayName("the check is on for every class of this lesson")
    void isRegistered() {
        assertThat(NoThreadLeft.classesChecked()).isPositive();
    }
}
