package flashsale.setnx;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertProofFailsFor;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.OVERSOLD;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("Step 07 · WatchedDelete")
class WatchedDeleteTest {

    @Test
    @Order(1)
    @DisplayName("without faults the lock holds, in every interleaving")
    void holds() {
        assertThat(explore(SetnxLesson.WATCHED_DELETE_HOLDS)).isProved().byRunning(4);
    }

    @Test
    @Order(2)
    @DisplayName("however late the release comes, it never frees somebody else's lock")
    void freesItsOwnLockOnly() {
        assertThat(explore(SetnxLesson.WATCHED_DELETE_FREES_ITS_OWN_LOCK_ONLY))
                .isProved()
                .byRunning(640);
    }

    @Test
    @Order(3)
    @DisplayName("a holder who pauses before the last write for longer than the lease writes all the same")
    void oversellsAfterAPause() {
        assertThat(explore(SetnxLesson.WATCHED_DELETE_OVERSELLS))
                .oversells()
                .in(630)
                .of(1490);
    }

    @Test
    @Order(4)
    @DisplayName("without the WATCH, which is step 6, the second proof fails")
    void theWatchIsNeeded() {
        assertProofFailsFor(
                SetnxLesson.CHECK_THEN_DELETE, SetnxLesson.WATCHED_DELETE_FREES_ITS_OWN_LOCK_ONLY, OVERSOLD);
    }

    @Test
    @Order(5)
    @DisplayName("without a look at who won, which is step 3, the first proof fails")
    void theLockIsNeeded() {
        assertProofFailsFor(SetnxLesson.PROCEEDS_WITHOUT_LOCK, SetnxLesson.WATCHED_DELETE_HOLDS, OVERSOLD);
    }
}
