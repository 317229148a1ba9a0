package flashsale.setnx;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.Workbook.exploreQuietly;
import static flashsale.assertions.WorkbookAssertions.assertProofFailsFor;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.GAVE_UP;
import static flashsale.sale.Verdict.OVERSOLD;
import static flashsale.sale.Verdict.STUCK;
import static org.assertj.core.api.Assertions.assertThat;

import flashsale.explore.Claim;
import flashsale.explore.Exploration;
import flashsale.explore.Step;
import flashsale.setnx.FencedPurchaseWithout.Without;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("Step 12 · FencedPurchase")
class FencedPurchaseTest {

    @Test
    @Order(1)
    @DisplayName("two buyers, a pause longer than the lease at any moment: it never oversells")
    void survivesAPause() {
        assertThat(explore(SetnxLesson.FENCED_PURCHASE_SURVIVES_A_PAUSE))
                .isProved()
                .byRunning(84);
    }

    @Test
    @Order(2)
    @DisplayName("two buyers, two tickets: who is fenced off asks again, and nobody goes without")
    void turnsNobodyAway() {
        assertThat(explore(SetnxLesson.FENCED_PURCHASE_TURNS_NOBODY_AWAY))
                .isProved()
                .byRunning(84);
    }

    @Test
    @Order(3)
    @DisplayName("two buyers, a crash at any moment: nothing is lost, and nobody is stuck")
    void survivesACrash() {
        assertThat(explore(SetnxLesson.FENCED_PURCHASE_SURVIVES_A_CRASH))
                .isProved()
                .byRunning(34);
    }

    @Test
    @Order(4)
    @DisplayName("two buyers, a crash and a pause")
    void survivesBoth() {
        assertThat(explore(SetnxLesson.FENCED_PURCHASE_SURVIVES_BOTH))
                .isProved()
                .byRunning(1080);
    }

    @Test
    @Order(5)
    @DisplayName("three buyers, a pause longer than the lease at any moment")
    void survivesAPauseAmongThree() {
        assertThat(explore(SetnxLesson.FENCED_PURCHASE_SURVIVES_A_PAUSE_AMONG_THREE))
                .isProved()
                .byRunning(1100);
    }

    @Test
    @Order(6)
    @DisplayName("three buyers, a crash at any moment")
    void survivesACrashAmongThree() {
        assertThat(explore(SetnxLesson.FENCED_PURCHASE_SURVIVES_A_CRASH_AMONG_THREE))
                .isProved()
                .byRunning(522);
    }

    @Test
    @Order(7)
    @DisplayName("without a fence at the read, which is step 11, the first proof fails")
    void theReadMustBeFenced() {
        assertProofFailsFor(SetnxLesson.FENCE_ON_WRITE_ONLY, SetnxLesson.FENCED_PURCHASE_SURVIVES_A_PAUSE, OVERSOLD);
    }

    @Test
    @Order(8)
    @DisplayName("without the check at the write the first proof fails")
    void theWriteMustBeFenced() {
        assertProofFailsFor(without(Without.WRITE_CHECK), SetnxLesson.FENCED_PURCHASE_SURVIVES_A_PAUSE, OVERSOLD);
    }

    @Test
    @Order(9)
    @DisplayName("without another attempt a buyer who was fenced off gives up while the ticket remains")
    void anotherAttemptIsNeeded() {
        assertProofFailsFor(without(Without.SECOND_ATTEMPT), SetnxLesson.FENCED_PURCHASE_TURNS_NOBODY_AWAY, GAVE_UP);
    }

    @Test
    @Order(10)
    @DisplayName("without the lease a crash leaves everybody stuck")
    void theLeaseIsNeeded() {
        assertProofFailsFor(without(Without.LEASE), SetnxLesson.FENCED_PURCHASE_SURVIVES_A_CRASH, STUCK);
    }

    @Test
    @Order(11)
    @DisplayName("without the lock it still never oversells, but buyers fence each other off until one gives up")
    void theLockIsNotNeeded() {
        Exploration oneTicket = exploreQuietly(Claim.proved(
                without(Without.LOCK),
                SetnxLesson.FENCED_PURCHASE_SURVIVES_A_PAUSE.scenario().allowing(GAVE_UP)));
        Exploration twoTickets = exploreQuietly(Claim.proved(
                without(Without.LOCK),
                SetnxLesson.FENCED_PURCHASE_TURNS_NOBODY_AWAY.scenario().allowing(GAVE_UP)));

        assertThat(oneTicket).isProved();
        assertThat(twoTickets).isProved();
        assertThat(twoTickets.verdicts()).containsOnlyKeys(GAVE_UP);
    }

    @Test
    @Order(12)
    @DisplayName(
            "a stale read may even pass: what protects is that each read leaves its number, and the write looks for it")
    void aStaleReadMayPass() {
        assertThat(exploreQuietly(Claim.proved(
                        without(Without.READ_CHECK), SetnxLesson.FENCED_PURCHASE_SURVIVES_A_PAUSE.scenario())))
                .isProved()
                .byRunning(124);
    }

    @Test
    @Order(13)
    @DisplayName("the copy for these tests, with nothing removed, is as good as the step")
    void theCopyIsFaithful() {
        assertThat(exploreQuietly(Claim.proved(
                        without(Without.NOTHING), SetnxLesson.FENCED_PURCHASE_TURNS_NOBODY_AWAY.scenario())))
                .isProved()
                .byRunning(84);
        assertThat(exploreQuietly(Claim.proved(
                        without(Without.NOTHING), SetnxLesson.FENCED_PURCHASE_SURVIVES_A_CRASH.scenario())))
                .isProved()
                .byRunning(34);
    }

    private static Step without(Without what) {
        return new Step(
                "src/test",
                FencedPurchaseWithout.class,
                shop -> new FencedPurchaseWithout(shop.redis(), shop.item(), shop.clock(), shop.sleeper(), what));
    }
}
