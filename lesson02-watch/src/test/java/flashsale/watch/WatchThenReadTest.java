package flashsale.watch;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.Workbook.exploreQuietly;
import static flashsale.assertions.WorkbookAssertions.assertProofFailsFor;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.OVER_LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import flashsale.explore.Claim;
import flashsale.explore.Step;
import flashsale.sale.Verdict;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("Step 7 · WatchThenRead")
class WatchThenReadTest {

    private static final Step LIMIT_READ_BEFORE_WATCH = new Step(
            "src/test",
            LimitReadBeforeWatch.class,
            shop -> new LimitReadBeforeWatch(shop.redis(), shop.item(), shop.limit()));

    @Test
    @Order(1)
    @DisplayName("two buyers, one ticket: it never oversells, in any interleaving")
    void neverOversellsToTwo() {
        assertThat(explore(WatchLesson.WATCH_NEVER_OVERSELLS)).isProved().byRunning(6);
    }

    @Test
    @Order(2)
    @DisplayName("three buyers, two tickets: it never oversells, in any interleaving")
    void neverOversellsToThree() {
        assertThat(explore(WatchLesson.WATCH_NEVER_OVERSELLS_TO_THREE))
                .isProved()
                .byRunning(216);
    }

    @Test
    @Order(3)
    @DisplayName("whoever wants two gets two or none, and nobody is turned away wrongly")
    void sellsDifferentQuantities() {
        assertThat(explore(WatchLesson.WATCH_WITH_QUANTITIES)).isProved().byRunning(6);
    }

    @Test
    @Order(4)
    @DisplayName("a limit per buyer: it is enough to watch the stock, if the orders are read after the watch")
    void keepsTheLimit() {
        assertThat(explore(WatchLesson.WATCH_WITH_A_LIMIT)).isProved().byRunning(8);
    }

    @Test
    @Order(5)
    @DisplayName("a crash or a lost reply at any point: stock and order are both written, or neither is")
    void standsACrashOrALostReply() {
        assertThat(explore(WatchLesson.WATCH_STANDS_A_CRASH_OR_A_LOST_REPLY))
                .isProved()
                .byRunning(70);
    }

    @Test
    @Order(6)
    @DisplayName("an evicted stock ends the sale, and never oversells it")
    void standsAnEviction() {
        assertThat(explore(WatchLesson.WATCH_STANDS_AN_EVICTION)).isProved().byRunning(45);
    }

    @Test
    @Order(7)
    @DisplayName("it is as good to watch the orders of all buyers in place of the stock")
    void theOrdersMayBeWatchedInstead() {
        Step orders = new Step(
                "src/test", OrdersWatched.class, shop -> new OrdersWatched(shop.redis(), shop.item(), shop.limit()));

        assertThat(exploreQuietly(Claim.proved(orders, WatchLesson.WATCH_WITH_A_LIMIT.scenario())))
                .isProved();
        assertThat(exploreQuietly(Claim.proved(orders, WatchLesson.WATCH_NEVER_OVERSELLS_TO_THREE.scenario())))
                .isProved();
    }

    @Test
    @Order(8)
    @DisplayName("if the orders are read before the watch, one buyer on two devices gets two tickets")
    void theOrdersHaveToBeReadAfterTheWatch() {
        assertThat(exploreQuietly(
                        Claim.exposed(LIMIT_READ_BEFORE_WATCH, WatchLesson.WATCH_WITH_A_LIMIT.scenario(), OVER_LIMIT)))
                .shows(OVER_LIMIT)
                .in(8)
                .of(70);
        assertProofFailsFor(LIMIT_READ_BEFORE_WATCH, WatchLesson.WATCH_WITH_A_LIMIT, OVER_LIMIT);
    }

    @Test
    @Order(9)
    @DisplayName("without the watch the proof fails, so it is the watch that holds")
    void theWatchIsNeeded() {
        Step copy = new Step("src/test", WatchRemoved.class, shop -> new WatchRemoved(shop.redis(), shop.item()));

        assertProofFailsFor(copy, WatchLesson.WATCH_NEVER_OVERSELLS, Verdict.OVERSOLD);
        assertProofFailsFor(copy, WatchLesson.WATCH_NEVER_OVERSELLS_TO_THREE, Verdict.OVERSOLD);
        assertProofFailsFor(copy, WatchLesson.WATCH_WITH_QUANTITIES, Verdict.OVERSOLD);
    }

    @Test
    @Order(10)
    @DisplayName("without a look at EXEC's answer the proof fails: an aborted sale is told as sold")
    void theAnswerIsNeeded() {
        Step copy = new Step("src/test", AbortIgnored.class, shop -> new AbortIgnored(shop.redis(), shop.item()));

        assertProofFailsFor(copy, WatchLesson.WATCH_NEVER_OVERSELLS, Verdict.LOST_ORDER);
    }

    @Test
    @Order(11)
    @DisplayName("with the order outside the transaction the proof fails as soon as somebody crashes")
    void theOrderBelongsIntoTheTransaction() {
        assertProofFailsFor(
                WatchLesson.WINNER_RECORDED_OUTSIDE_EXEC,
                WatchLesson.WATCH_STANDS_A_CRASH_OR_A_LOST_REPLY,
                Verdict.LOST_STOCK);
    }
}
