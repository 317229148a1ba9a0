package flashsale.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.redis.RedisServers;
import flashsale.sale.FlashSale;
import flashsale.sale.Purchase;
import flashsale.sale.SaleContext;
import flashsale.sale.SaleKeys;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisDataException;

/** The scripts are called here as no client of this lesson would: whoever can reach Redis can call them. */
@DisplayName("Numbers · what is no whole number is refused before anything is written")
class NumbersTest {

    private static final SaleKeys KEYS = new SaleKeys("concert");
    private static final List<String> NAMES = List.of(KEYS.stock(), KEYS.orders(), KEYS.key("request:Alice-1"));
    private static final String LARGEST = "9007199254740991";

    /** Each purchase, as it stands on the server. */
    enum OnTheServer {
        ATOMIC_PURCHASE((redis, words) -> AtomicPurchase.SCRIPT.run(redis, NAMES, words)),
        IDEMPOTENT_PURCHASE((redis, words) -> IdempotentPurchase.SCRIPT.run(redis, NAMES, words)),
        PURCHASE_FUNCTION((redis, words) -> redis.fcall("flashsale_purchase", NAMES, words)),
        QUEUED_PURCHASE((redis, words) -> QueuedPurchase.SCRIPT.run(
                redis,
                Stream.concat(NAMES.stream(), Stream.of(KEYS.key("order-log"))).toList(),
                words.size() < 4
                        ? words
                        : Stream.concat(words.stream(), Stream.of("Alice-1")).toList())),
        BUY_FROM_SHARD((redis, words) -> ((List<?>) ShardedStock.SCRIPT.run(
                        redis,
                        NAMES,
                        words.size() < 4
                                ? words
                                : Stream.concat(words.stream().limit(3), Stream.of("0"))
                                        .toList()))
                .get(0));

        private final BiFunction<RedisClient, List<String>, Object> call;
        private final boolean remembers;

        OnTheServer(BiFunction<RedisClient, List<String>, Object> call) {
            this.call = call;
            this.remembers = !name().equals("ATOMIC_PURCHASE") && !name().equals("BUY_FROM_SHARD");
        }
    }

    private RedisClient redis;

    @BeforeEach
    void open() {
        redis = RedisServers.shared().connect();
        new QueuedPurchase(redis, "concert", OptionalInt.empty()).open(5);
        new PurchaseFunction(redis, "concert", OptionalInt.empty()).open(5);
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @ParameterizedTest
    @EnumSource
    @Order(1)
    @DisplayName("an argument that is no whole number from 1 to 2^53 - 1")
    void anArgument(OnTheServer purchase) {
        for (String bad : List.of(
                "0", "-1", "1.5", "1e3", "0x10", " 1", "1 ", "", "nan", "inf", "one", "007", "00", "-0", "+1")) {
            assertRefused(purchase, "quantity", bad, List.of("Alice", bad, "none", "600000"));
            assertRefused(purchase, "limit", bad, List.of("Alice", "1", bad, "600000"));
        }
        for (String tooLarge : List.of("9007199254740992", "9007199254740993", "99999999999999999999")) {
            assertRefused(purchase, "quantity", tooLarge, List.of("Alice", tooLarge, "none", "600000"));
            assertRefused(purchase, "limit", tooLarge, List.of("Alice", "1", tooLarge, "600000"));
        }
        assertRefused(purchase, "quantity", "nil", List.of("Alice"));
        assertRefused(purchase, "limit", "nil", List.of("Alice", "1"));
        if (purchase.remembers) {
            for (String bad : List.of("0", "1.5", "soon", "007", "9007199254740993")) {
                assertRefused(purchase, "time to live", bad, List.of("Alice", "1", "none", bad));
            }
            assertRefused(purchase, "time to live", "nil", List.of("Alice", "1", "none"));
        }
    }

    private void assertRefused(OnTheServer purchase, String field, String value, List<String> words) {
        assertThatThrownBy(() -> purchase.call.apply(redis, words))
                .isInstanceOf(JedisDataException.class)
                .hasMessage("ERR " + field + " is " + value
                        + ", but must be a whole number from 1 to 2^53 - 1; nothing was written");
        assertThat(redis.get(KEYS.stock())).as("the stock").isEqualTo("5");
        assertThat(redis.exists(NAMES.get(1), NAMES.get(2))).isZero();
    }

    @ParameterizedTest
    @EnumSource
    @Order(2)
    @DisplayName("no buyer at all")
    void noBuyer(OnTheServer purchase) {
        assertThatThrownBy(() -> purchase.call.apply(redis, List.of())).isInstanceOf(JedisDataException.class);

        assertThat(redis.get(KEYS.stock())).as("the stock").isEqualTo("5");
        assertThat(redis.exists(NAMES.get(1), NAMES.get(2))).isZero();
    }

    @ParameterizedTest
    @EnumSource
    @Order(3)
    @DisplayName("the largest number that there is, and it counts to the last unit")
    void theLargest(OnTheServer purchase) {
        redis.set(KEYS.stock(), LARGEST);
        redis.hset(KEYS.orders(), "Alice", "1");

        assertThat(purchase.call.apply(redis, List.of("Alice", LARGEST, LARGEST, "600000")))
                .isEqualTo("LIMIT_REACHED");
        redis.del(NAMES.get(2));
        assertThat(purchase.call.apply(redis, List.of("Alice", "9007199254740990", LARGEST, "600000")))
                .isEqualTo("SOLD");

        assertThat(redis.get(KEYS.stock())).isEqualTo("1");
        assertThat(redis.hget(KEYS.orders(), "Alice")).isEqualTo(LARGEST);
    }

    @ParameterizedTest
    @EnumSource
    @Order(4)
    @DisplayName("a value that stands in Redis, put there by somebody else")
    void aValueInRedis(OnTheServer purchase) {
        for (String bad : List.of("many", "1.5", "", "007", "-0", "9007199254740992", "-9007199254740993")) {
            assertRefusedFinding(
                    purchase, bad, "1", "stock is " + bad + ", but must be a whole number between -2^53 and 2^53");
        }
        for (String bad : List.of("some", "1.5", "", "-1", "007", "-0", "9007199254740993")) {
            assertRefusedFinding(
                    purchase,
                    "5",
                    bad,
                    "what the buyer holds is " + bad + ", but must be a whole number from 0 to 2^53 - 1");
        }
    }

    private void assertRefusedFinding(OnTheServer purchase, String stock, String held, String complaint) {
        redis.set(KEYS.stock(), stock);
        redis.hset(KEYS.orders(), "Alice", held);

        assertThatThrownBy(() -> purchase.call.apply(redis, List.of("Alice", "1", "none", "600000")))
                .isInstanceOf(JedisDataException.class)
                .hasMessage("ERR " + complaint + "; nothing was written");

        assertThat(redis.get(KEYS.stock())).as("the stock").isEqualTo(stock);
        assertThat(redis.hgetAll(KEYS.orders())).isEqualTo(Map.of("Alice", held));
        assertThat(redis.exists(NAMES.get(2))).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    @Order(5)
    @DisplayName("a key that holds something else: found out before the first write")
    void aKeyOfAnotherType(OnTheServer purchase) {
        redis.set(KEYS.orders(), "not a hash");

        assertThatThrownBy(() -> purchase.call.apply(redis, List.of("Alice", "1", "none", "600000")))
                .isInstanceOf(JedisDataException.class)
                .hasMessageContaining("WRONGTYPE");

        assertThat(redis.get(KEYS.stock())).as("the stock").isEqualTo("5");
        assertThat(redis.exists(NAMES.get(2))).isFalse();
    }

    @Test
    @Order(6)
    @DisplayName("Java refuses a bad stock, limit or quantity before it sends a command")
    void inJava() {
        RedisClient notEvenConnected = null;
        SaleContext shop = SaleContext.of(notEvenConnected, "concert");
        for (FlashSale sale : List.of(
                LuaLesson.ATOMIC_PURCHASE.factory().apply(shop),
                LuaLesson.RETRIED_BLINDLY.factory().apply(shop),
                LuaLesson.IDEMPOTENT_PURCHASE.factory().apply(shop),
                LuaLesson.PURCHASE_FUNCTION.factory().apply(shop),
                LuaLesson.QUEUED_PURCHASE.factory().apply(shop),
                LuaLesson.shardedStock(2).factory().apply(shop),
                LuaLesson.pipelinedPurchase(1).factory().apply(shop))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> sale.open(-1))
                    .withMessage("stock is -1, but must be a whole number from 0");
        }
        OptionalInt zero = OptionalInt.of(0);
        for (Runnable constructor : List.<Runnable>of(
                () -> new AtomicPurchase(notEvenConnected, "concert", zero),
                () -> new RetriedBlindly(notEvenConnected, "concert", zero),
                () -> new IdempotentPurchase(notEvenConnected, "concert", zero),
                () -> new PurchaseFunction(notEvenConnected, "concert", zero),
                () -> new QueuedPurchase(notEvenConnected, "concert", zero),
                () -> new ShardedStock(notEvenConnected, "concert", 2, zero),
                () -> new PipelinedPurchase(notEvenConnected, "concert", zero, 1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(constructor::run)
                    .withMessage("limit is 0, but must be a whole number from 1");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Purchase("Alice", 0, "Alice-1"))
                .withMessage("quantity is 0, but must be a whole number from 1");
    }
}
