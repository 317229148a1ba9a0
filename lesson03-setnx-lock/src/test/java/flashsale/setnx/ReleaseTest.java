package flashsale.setnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.explore.Step;
import flashsale.redis.RedisServers;
import flashsale.sale.FlashSale;
import flashsale.sale.Purchase;
import flashsale.sale.SaleContext;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisConnectionException;

@DisplayName("Release · a purchase that throws, since the stock is no number")
class ReleaseTest {

    private static final Purchase ONE = new Purchase("Alice", 1, "Alice-1");
    private static final String STOCK = "sale:{concert}:stock";
    private static final String LOCK = "sale:{concert}:lock";

    private final RedisClient redis = RedisServers.shared().connect();
    private final HookedConnections connections = new HookedConnections(RedisServers.shared());
    private final RedisClient alices = connections.client();

    /** Each step that releases its lock, and the command with which it begins to. */
    static Stream<Arguments> releasing() {
        String byScript = "EVAL -- delete if mine";
        return Stream.of(
                Arguments.of(SetnxLesson.SETNX_WITHOUT_EXPIRY, "DEL"),
                Arguments.of(SetnxLesson.SETNX_THEN_EXPIRE, "DEL"),
                Arguments.of(SetnxLesson.PROCEEDS_WITHOUT_LOCK, byScript),
                Arguments.of(SetnxLesson.BLIND_DELETE, "DEL"),
                Arguments.of(SetnxLesson.CHECK_THEN_DELETE, "GET " + LOCK),
                Arguments.of(SetnxLesson.WATCHED_DELETE, "MULTI"),
                Arguments.of(SetnxLesson.COMPARE_AND_DELETE, byScript),
                Arguments.of(SetnxLesson.SHARED_OWNER, byScript),
                Arguments.of(SetnxLesson.RENEWED_LEASE, byScript),
                Arguments.of(SetnxLesson.FENCE_ON_WRITE_ONLY, byScript),
                Arguments.of(SetnxLesson.FENCED_PURCHASE, byScript));
    }

    private FlashSale openWithABadStock(Step step) {
        FlashSale sale = step.factory().apply(SaleContext.of(alices, "concert"));
        sale.open(1);
        redis.set(STOCK, "many");
        return sale;
    }

    @AfterEach
    void close() {
        redis.del(STOCK, LOCK);
        redis.close();
        alices.close();
    }

    @Order(1)
    @ParameterizedTest(name = "{0}")
    @MethodSource("releasing")
    @DisplayName("gives its lock back")
    void givesItsLockBack(Step step) {
        FlashSale sale = openWithABadStock(step);

        assertThatThrownBy(() -> sale.buy(ONE)).isInstanceOf(NumberFormatException.class);

        assertThat(redis.exists(LOCK)).as("the lock is still there").isFalse();
    }

    @Order(2)
    @ParameterizedTest(name = "{0}")
    @MethodSource("releasing")
    @DisplayName("shows its own error, and not that of a release which fails as well")
    void showsItsOwnError(Step step, String release) {
        FlashSale sale = openWithABadStock(step);
        connections.before(release, () -> {
            throw new JedisConnectionException("the server is gone");
        });

        assertThatThrownBy(() -> sale.buy(ONE))
                .isInstanceOf(NumberFormatException.class)
                .satisfies(thrown -> assertThat(thrown.getSuppressed())
                        .as("what the release threw, as suppressed by the purchase's own error")
                        .singleElement()
                        .isInstanceOf(JedisConnectionException.class));
    }
}
