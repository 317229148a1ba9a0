package flashsale.redisson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import flashsale.explore.Claim;
import flashsale.explore.Step;
import flashsale.redis.RedisServer;
import flashsale.redis.RedissonConnection;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleContext;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisson.api.RedissonClient;
import redis.clients.jedis.Jedis;

/** What the steps have in common, one buyer at a time. Not step 3: whoever buys there is told of an error in any case. */
@DisplayName("One after the other · every step but the third, without a race")
class OneByOneTest {

    private static final Purchase ALICES = new Purchase("Alice", 1, "Alice-1");
    private static final Purchase BOBS = new Purchase("Bob", 1, "Bob-1");

    private final RedisServer server = EmptyRedis.shared();
    private final RedissonConnection redisson = RedissonConnection.to(server);

    @AfterEach
    void close() {
        redisson.close();
    }

    static Stream<Step> steps() {
        return RedissonLesson.claims().stream()
                .map(Claim::step)
                .distinct()
                .filter(step -> !step.equals(RedissonLesson.UNLOCK_IN_OTHER_THREAD));
    }

    private FlashSale sale(Step step) {
        return step.factory().apply(SaleContext.of(null, "concert").with(RedissonClient.class, redisson::client));
    }

    @Order(1)
    @ParameterizedTest(name = "{0}")
    @MethodSource("steps")
    @DisplayName("a sale that was never opened is no such sale, and nothing is recorded")
    void neverOpened(Step step) {
        FlashSale sale = sale(step);

        assertThat(sale.buy(ALICES)).isEqualTo(Outcome.NO_SUCH_SALE);

        assertThat(sale.books().remaining()).isEmpty();
        assertThat(sale.books().orders()).isEmpty();
    }

    @Order(2)
    @ParameterizedTest(name = "{0}")
    @MethodSource("steps")
    @DisplayName("a sale without tickets is sold out")
    void noTickets(Step step) {
        FlashSale sale = sale(step);
        sale.open(0);

        assertThat(sale.buy(ALICES)).isEqualTo(Outcome.SOLD_OUT);

        assertThat(sale.books().remaining()).hasValue(0);
    }

    @Order(3)
    @ParameterizedTest(name = "{0}")
    @MethodSource("steps")
    @DisplayName("who wants two gets two, or is told that it is sold out where one is left, and none is taken")
    void twoOrNone(Step step) {
        FlashSale sale = sale(step);
        sale.open(3);

        assertThat(sale.buy(new Purchase("Alice", 2, "Alice-1"))).isEqualTo(Outcome.SOLD);
        assertThat(sale.buy(new Purchase("Bob", 2, "Bob-1"))).isEqualTo(Outcome.SOLD_OUT);

        assertThat(sale.books().remaining()).hasValue(1);
        assertThat(sale.books().orders()).isEqualTo(Map.of("Alice", 2));
    }

    @Order(4)
    @ParameterizedTest(name = "{0}")
    @MethodSource("steps")
    @DisplayName("opened again, it sells again, even to the same request, and the earlier orders are gone")
    void openedAgain(Step step) {
        FlashSale sale = sale(step);
        sale.open(1);
        assertThat(sale.buy(ALICES)).isEqualTo(Outcome.SOLD);
        assertThat(sale.buy(BOBS)).isEqualTo(Outcome.SOLD_OUT);

        sale.open(2);

        assertThat(sale.books().remaining()).hasValue(2);
        assertThat(sale.books().orders()).isEmpty();
        assertThat(sale.buy(ALICES)).isEqualTo(Outcome.SOLD);
        assertThat(sale.books().remaining()).hasValue(1);
        assertThat(sale.books().orders()).isEqualTo(Map.of("Alice", 1));
    }

    @Order(5)
    @ParameterizedTest(name = "{0}")
    @MethodSource("steps")
    @DisplayName("a negative stock is refused, and nothing is sent")
    void negativeStock(Step step) {
        FlashSale sale = sale(step);

        assertThatIllegalArgumentException().isThrownBy(() -> sale.open(-1)).withMessageContaining("stock is -1");

        assertThat(Ask.it(server, Jedis::dbSize)).isZero();
    }

    @Test
    @Order(6)
    @DisplayName("opened again, nobody's reservation stands any more, and nobody holds the lock")
    void whatWasHeld() throws Exception {
        FlashSale reserving = sale(RedissonLesson.EXPIRABLE_PERMIT_STOCK);
        reserving.open(1);
        redisson.client().getPermitExpirableSemaphore("sale:{concert}:stock").acquire(1, TimeUnit.HOURS);
        assertThat(reserving.buy(BOBS)).isEqualTo(Outcome.CONTENDED);

        reserving.open(1);

        assertThat(reserving.buy(BOBS)).isEqualTo(Outcome.SOLD);
        try (RedissonConnection others = RedissonConnection.to(server)) {
            others.client().getLock("sale:{concert}:lock").lock(1, TimeUnit.HOURS);
            FlashSale locking = sale(RedissonLesson.FIXED_LEASE_LOCK);
            locking.open(1);

            assertThat(redisson.client().getLock("sale:{concert}:lock").isLocked())
                    .isFalse();
        }
    }
}
