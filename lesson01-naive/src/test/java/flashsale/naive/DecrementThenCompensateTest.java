package flashsale.naive;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertProofFailsFor;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.LOST_STOCK;
import static flashsale.sale.Verdict.TURNED_AWAY;

import flashsale.explore.Step;
import flashsale.sale.Verdict;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("Step 4 · DecrementThenCompensate")
class DecrementThenCompensateTest {

    @Test
    @Order(1)
    @DisplayName("two buyers, one ticket: it never oversells, in any interleaving")
    void neverOversellsToTwo() {
        assertThat(explore(NaiveLesson.COMPENSATE_NEVER_OVERSELLS)).isProved().byRunning(2);
    }

    @Test
    @Order(2)
    @DisplayName("three buyers, one ticket: it never oversells, in any interleaving")
    void neverOversellsToThree() {
        assertThat(explore(NaiveLesson.COMPENSATE_NEVER_OVERSELLS_TO_THREE))
                .isProved()
                .byRunning(18);
    }

    @Test
    @Order(3)
    @DisplayName("Bob is told sold out while Alice holds, for a moment, what she cannot have; his ticket remains")
    void turnsABuyerAway() {
        assertThat(explore(NaiveLesson.COMPENSATE_TURNS_A_BUYER_AWAY))
                .shows(TURNED_AWAY)
                .in(2)
                .of(6);
    }

    @Test
    @Order(4)
    @DisplayName("a crash after the decrement and before the record: the unit is neither on sale nor sold")
    void aCrashBeforeTheRecordLosesStock() {
        assertThat(explore(NaiveLesson.CRASH_BEFORE_THE_RECORD))
                .shows(LOST_STOCK)
                .in(12)
                .of(24);
    }

    @Test
    @Order(5)
    @DisplayName("a crash after the decrement and before the compensation: the units never come back")
    void aCrashBeforeTheCompensationLosesStock() {
        assertThat(explore(NaiveLesson.CRASH_BEFORE_THE_COMPENSATION))
                .shows(LOST_STOCK)
                .in(12)
                .of(24);
    }

    @Test
    @Order(6)
    @DisplayName("without the compensation the proof fails: refused units are gone")
    void theCompensationIsNeeded() {
        Step copy = new Step(
                "src/test", CompensationRemoved.class, shop -> new CompensationRemoved(shop.redis(), shop.item()));
        assertProofFailsFor(copy, NaiveLesson.COMPENSATE_NEVER_OVERSELLS, Verdict.LOST_STOCK);
    }

    @Test
    @Order(7)
    @DisplayName("without a look at the result the proof fails: everybody is told sold")
    void theResultIsNeeded() {
        Step copy = new Step("src/test", ResultIgnored.class, shop -> new ResultIgnored(shop.redis(), shop.item()));
        assertProofFailsFor(copy, NaiveLesson.COMPENSATE_NEVER_OVERSELLS, Verdict.OVERSOLD);
    }
}
