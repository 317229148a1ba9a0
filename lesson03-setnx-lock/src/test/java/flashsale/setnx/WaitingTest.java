package flashsale.setnx;

import static org.assertj.core.api.Assertions.assertThat;

import flashsale.explore.Step;
import flashsale.redis.RedisServers;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.Repeater;
import flashsale.sale.SaleContext;
import flashsale.sale.Sleeper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.RedisClient;

/** A clock that only the sleeper moves: half a minute of waiting takes no time. */
@DisplayName("Waiting · every step that waits for its lock")
class WaitingTest {

    private static final Purchase ONE = new Purchase("Alice", 1, "Alice-1");
    private static final String LOCK = "sale:{concert}:lock";

    private final RedisClient redis = RedisServers.shared().connect();
    private final List<Duration> pauses = new ArrayList<>();
    private Instant now = Instant.EPOCH;
    private Runnable whileAsleep = () -> {};

    private final Sleeper sleeper = (pause, deadline) -> {
        pauses.add(pause);
        Instant awake = now.plus(pause);
        now = awake.isAfter(deadline) ? deadline : awake;
        whileAsleep.run();
    };

    static Stream<Arguments> waiting() {
        return Stream.of(
                Arguments.of(SetnxLesson.SETNX_WITHOUT_EXPIRY, 30),
                Arguments.of(SetnxLesson.SETNX_THEN_EXPIRE, 30),
                Arguments.of(SetnxLesson.NEVER_RELEASED, 10),
                Arguments.of(SetnxLesson.BLIND_DELETE, 30),
                Arguments.of(SetnxLesson.CHECK_THEN_DELETE, 30),
                Arguments.of(SetnxLesson.WATCHED_DELETE, 30),
                Arguments.of(SetnxLesson.COMPARE_AND_DELETE, 30),
                Arguments.of(SetnxLesson.SHARED_OWNER, 30),
                Arguments.of(SetnxLesson.RENEWED_LEASE, 30),
                Arguments.of(SetnxLesson.FENCE_ON_WRITE_ONLY, 30),
                Arguments.of(SetnxLesson.FENCED_PURCHASE, 30));
    }

    private FlashSale open(Step step) {
        return open(step, redis, sleeper, 1);
    }

    private FlashSale open(Step step, RedisClient client, Sleeper waits, int stock) {
        FlashSale sale = step.factory()
                .apply(new SaleContext(client, "concert", OptionalInt.empty(), () -> now, waits, Repeater.real()));
        sale.open(stock);
        return sale;
    }

    @AfterEach
    void close() {
        redis.del(LOCK);
        redis.close();
    }

    @Order(1)
    @ParameterizedTest(name = "{0}, {1} s")
    @MethodSource("waiting")
    @DisplayName("gives up at its deadline, and not before")
    void givesUpAtTheDeadline(Step step, int seconds) {
        FlashSale sale = open(step);
        redis.set(LOCK, "somebody else");

        assertThat(sale.buy(ONE)).isEqualTo(Outcome.CONTENDED);

        assertThat(now).isEqualTo(Instant.EPOCH.plusSeconds(seconds));
        assertThat(pauses)
                .isNotEmpty()
                .allSatisfy(pause -> assertThat(pause).isBetween(Duration.ofMillis(1), Duration.ofSeconds(1)));
        assertThat(redis.get(LOCK)).isEqualTo("somebody else");
        assertThat(sale.books().remaining()).hasValue(1);
    }

    @Order(2)
    @ParameterizedTest(name = "{0}")
    @MethodSource("waiting")
    @DisplayName("buys as soon as the lock is free")
    void buysWhenTheLockIsFree(Step step) {
        FlashSale sale = open(step);
        redis.set(LOCK, "somebody else");
        whileAsleep = () -> {
            if (pauses.size() == 3) {
                redis.del(LOCK);
            }
        };

        assertThat(sale.buy(ONE)).isEqualTo(Outcome.SOLD);

        assertThat(pauses).hasSize(3);
    }

    @Test
    @Order(3)
    @DisplayName("a lock that is free costs no pause")
    void doesNotPauseForAFreeLock() {
        assertThat(open(SetnxLesson.COMPARE_AND_DELETE).buy(ONE)).isEqualTo(Outcome.SOLD);

        assertThat(pauses).isEmpty();
    }

    @Order(4)
    @ParameterizedTest(name = "{0}")
    @MethodSource("waiting")
    @DisplayName("no lock of this lesson is reentrant: a purchase inside a purchase waits for itself")
    void isNotReentrant(Step step) {
        HookedConnections connections = new HookedConnections(RedisServers.shared());
        try (RedisClient alices = connections.client()) {
            FlashSale sale = open(step, alices, (pause, deadline) -> now = deadline, 2);
            List<Outcome> inner = new ArrayList<>();
            Runnable again = () -> inner.add(sale.buy(new Purchase("Alice", 1, "Alice-2")));
            connections.before("MULTI", again);
            connections.before("EVAL -- fenced write", again);

            assertThat(sale.buy(ONE)).isEqualTo(Outcome.SOLD);

            assertThat(inner).containsExactly(Outcome.CONTENDED);
        }
    }
}
