package flashsale.redisson;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertProofFailsFor;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.LOST_STOCK;
import static flashsale.sale.Verdict.OVERSOLD;
import static org.assertj.core.api.Assertions.assertThat;

import flashsale.redis.RedissonConnection;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("Step 6 · SemaphoreStock")
class SemaphoreStockTest {

    @Test
    @Order(1)
    @DisplayName("two buyers, one permit: it never oversells, and nobody waits")
    void neverOversells() {
        assertThat(explore(RedissonLesson.SEMAPHORE_NEVER_OVERSELLS)).isProved().byRunning(2);
    }

    @Test
    @Order(2)
    @DisplayName("nor with three buyers and two permits")
    void neverOversellsToThree() {
        assertThat(explore(RedissonLesson.SEMAPHORE_NEVER_OVERSELLS_TO_THREE))
                .isProved()
                .byRunning(12);
    }

    @Test
    @Order(3)
    @DisplayName("whoever wants two gets two or none")
    void sellsDifferentQuantities() {
        assertThat(explore(RedissonLesson.SEMAPHORE_WITH_QUANTITIES)).isProved().byRunning(2);
    }

    @Test
    @Order(4)
    @DisplayName("a crash after the permit and before the record: the unit is gone, in half of all schedules")
    void aCrashLosesStock() {
        // A process dies before its first command, or between the two: 3 and 6 orders, for each of the two buyers; and
        // six in which nobody dies. Only between the two is anything lost.
        assertThat(explore(RedissonLesson.SEMAPHORE_LOSES_STOCK))
                .shows(LOST_STOCK)
                .in(12)
                .of(24);
    }

    @Test
    @Order(5)
    @DisplayName("a semaphore that does not exist is no such sale; with no permits left it is sold out")
    void noSuchSale() {
        try (RedissonConnection redisson = RedissonConnection.to(EmptyRedis.shared())) {
            FlashSale sale = new SemaphoreStock(redisson.client(), "concert");
            sale.open(0);
            assertThat(sale.buy(new Purchase("Alice", 1, "Alice-1"))).isEqualTo(Outcome.SOLD_OUT);

            redisson.client().getKeys().flushdb();

            assertThat(sale.buy(new Purchase("Alice", 1, "Alice-2"))).isEqualTo(Outcome.NO_SUCH_SALE);
            assertThat(sale.books().remaining()).isEmpty();
        }
    }

    @Test
    @Order(6)
    @DisplayName("where somebody looks how many permits there are, and then takes them, the proof fails")
    void takingHasToBeOneStep() {
        assertProofFailsFor(Copies.PERMITS_COUNTED_FIRST, RedissonLesson.SEMAPHORE_NEVER_OVERSELLS, OVERSOLD);
        assertProofFailsFor(Copies.PERMITS_COUNTED_FIRST, RedissonLesson.SEMAPHORE_WITH_QUANTITIES, OVERSOLD);
    }
}
