package flashsale.redisson;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertProofFailsFor;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.GAVE_UP;
import static flashsale.sale.Verdict.OVERSOLD;
import static flashsale.sale.Verdict.STUCK;
import static flashsale.sale.Verdict.TURNED_AWAY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.explore.Exploration;
import flashsale.redis.RedisServer;
import flashsale.redis.RedissonConnection;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Step 8 · ExpirablePermitStock")
class ExpirablePermitStockTest {

    @Test
    @Order(1)
    @DisplayName("two buyers, one ticket: it never oversells")
    void neverOversells() {
        assertThat(explore(RedissonLesson.PERMIT_NEVER_OVERSELLS)).isProved().byRunning(6);
    }

    @Test
    @Order(2)
    @DisplayName("nor with three buyers and two tickets")
    void neverOversellsToThree() {
        assertThat(explore(RedissonLesson.PERMIT_NEVER_OVERSELLS_TO_THREE))
                .isProved()
                .byRunning(90);
    }

    @Test
    @Order(3)
    @DisplayName("a payment that comes too late never oversells; who pays too late is told so")
    void standsALatePayment() {
        Exploration exploration = explore(RedissonLesson.PERMIT_STANDS_A_LATE_PAYMENT);

        assertThat(exploration).isProved().byRunning(18);
        assertThat(exploration.verdicts()).containsOnlyKeys(GAVE_UP);
    }

    @Test
    @Order(4)
    @DisplayName("nor among three buyers")
    void standsALatePaymentAmongThree() {
        assertThat(explore(RedissonLesson.PERMIT_STANDS_A_LATE_PAYMENT_AMONG_THREE))
                .isProved()
                .byRunning(252);
    }

    @Test
    @Order(5)
    @DisplayName("whoever reserved two gets two or none, however late")
    void standsALatePaymentForTwo() {
        assertThat(explore(RedissonLesson.PERMIT_WITH_QUANTITIES)).isProved().byRunning(18);
    }

    @Test
    @Order(6)
    @DisplayName("a crash loses nothing: the reservation ends, and a newcomer buys the unit")
    void standsACrash() {
        assertThat(explore(RedissonLesson.PERMIT_STANDS_A_CRASH)).isProved().byRunning(24);
    }

    @Test
    @Order(7)
    @DisplayName("a crash and a late payment in one sale")
    void standsBoth() {
        assertThat(explore(RedissonLesson.PERMIT_STANDS_BOTH)).isProved().byRunning(88);
    }

    @Test
    @Order(8)
    @DisplayName("a script that does not look oversells, and so does one look too early, which is step 7")
    void theLookIsNeeded() {
        assertProofFailsFor(Copies.CONFIRMED_BLINDLY, RedissonLesson.PERMIT_STANDS_A_LATE_PAYMENT, OVERSOLD);
        assertProofFailsFor(RedissonLesson.CHECK_THEN_CONFIRM, RedissonLesson.PERMIT_STANDS_A_LATE_PAYMENT, OVERSOLD);
    }

    @Test
    @Order(9)
    @DisplayName("permits that never end are lost with the process that held them: nobody can buy any more")
    void theEndIsNeeded() {
        assertProofFailsFor(Copies.RESERVED_FOR_EVER, RedissonLesson.PERMIT_STANDS_A_CRASH, STUCK);
    }

    @Test
    @Order(10)
    @DisplayName("\"sold out\" for what is only reserved is a lie as soon as it comes back")
    void reservedIsNotSold() {
        assertProofFailsFor(Copies.RESERVED_IS_SOLD_OUT, RedissonLesson.PERMIT_STANDS_A_CRASH, TURNED_AWAY);
    }

    @Test
    @Order(11)
    @DisplayName("what is sold stays sold when its time is over: the permit stands in no set any more")
    void soldStaysSold() {
        try (RedissonConnection redisson = RedissonConnection.to(EmptyRedis.shared())) {
            FlashSale sale = new ExpirablePermitStock(redisson.client(), "concert", Duration.ofMinutes(10));
            sale.open(1);
            assertThat(sale.buy(new Purchase("Alice", 1, "Alice-1"))).isEqualTo(Outcome.SOLD);

            assertThat(redisson.client()
                            .getScoredSortedSet("sale:{concert}:stock:timeout")
                            .size())
                    .isZero();
            assertThat(sale.buy(new Purchase("Bob", 1, "Bob-1"))).isEqualTo(Outcome.SOLD_OUT);
            assertThat(sale.books().remaining()).hasValue(0);
        }
    }

    @Test
    @Order(12)
    @DisplayName("no semaphore is no such sale; a time to pay of nothing is refused")
    void badInput() {
        try (RedissonConnection redisson = RedissonConnection.to(EmptyRedis.shared())) {
            FlashSale sale = new ExpirablePermitStock(redisson.client(), "concert", Duration.ofMinutes(10));
            assertThat(sale.buy(new Purchase("Alice", 1, "Alice-1"))).isEqualTo(Outcome.NO_SUCH_SALE);
            assertThat(sale.books().remaining()).isEmpty();
            assertThatThrownBy(() -> new ExpirablePermitStock(redisson.client(), "concert", Duration.ZERO))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("timeToPay");
        }
    }

    @Order(13)
    @ParameterizedTest(name = "the {0} is left")
    @ValueSource(strings = {"first", "second"})
    @DisplayName("who reserved two, and has one of them left, gets none, and the one stays: every permit is looked for")
    void everyPermitIsLookedFor(String left) {
        RedisServer server = EmptyRedis.shared();
        String reserved = "sale:{concert}:stock:timeout";
        String orders = "sale:{concert}:orders";

        Object outcome = Ask.it(server, redis -> {
            redis.zadd(reserved, 1, left);
            return redis.eval(
                    ExpirablePermitStock.CONFIRM.text(),
                    List.of(reserved, orders),
                    List.of("Alice", "first", "second"));
        });

        assertThat(outcome).isEqualTo("CONTENDED");
        assertThat(Ask.has(server, orders)).isFalse();
        assertThat(Ask.<Long>it(server, redis -> redis.zcard(reserved))).isEqualTo(1);
    }
}
