package flashsale.setnx;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertProofFailsFor;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.OVERSOLD;
import static flashsale.sale.Verdict.STUCK;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("Step 08 · CompareAndDelete")
class CompareAndDeleteTest {

    @Test
    @Order(1)
    @DisplayName("without faults the lock holds, in every interleaving")
    void holds() {
        assertThat(explore(SetnxLesson.COMPARE_AND_DELETE_HOLDS)).isProved().byRunning(4);
    }

    @Test
    @Order(2)
    @DisplayName("the holder crashes: its lease ends, and the others go on")
    void survivesACrash() {
        assertThat(explore(SetnxLesson.COMPARE_AND_DELETE_SURVIVES_A_CRASH))
                .isProved()
                .byRunning(34);
    }

    @Test
    @Order(3)
    @DisplayName("however late the release comes, it never frees somebody else's lock")
    void freesItsOwnLockOnly() {
        assertThat(explore(SetnxLesson.COMPARE_AND_DELETE_FREES_ITS_OWN_LOCK_ONLY))
                .isProved()
                .byRunning(176);
    }

    @Test
    @Order(4)
    @DisplayName("a holder who pauses before the last write for longer than the lease writes all the same")
    void oversellsAfterAPause() {
        assertThat(explore(SetnxLesson.COMPARE_AND_DELETE_OVERSELLS))
                .oversells()
                .in(108)
                .of(258);
    }

    @Test
    @Order(5)
    @DisplayName("without a look at who won, which is step 3, the first proof fails")
    void theLockIsNeeded() {
        assertProofFailsFor(SetnxLesson.PROCEEDS_WITHOUT_LOCK, SetnxLesson.COMPARE_AND_DELETE_HOLDS, OVERSOLD);
    }

    @Test
    @Order(6)
    @DisplayName("without the lease, which is step 1, the second proof fails")
    void theLeaseIsNeeded() {
        assertProofFailsFor(SetnxLesson.SETNX_WITHOUT_EXPIRY, SetnxLesson.COMPARE_AND_DELETE_SURVIVES_A_CRASH, STUCK);
    }

    @Test
    @Order(7)
    @DisplayName("without the comparison, which is step 5, the third proof fails")
    void theComparisonIsNeeded() {
        assertProofFailsFor(SetnxLesson.BLIND_DELETE, SetnxLesson.COMPARE_AND_DELETE_FREES_ITS_OWN_LOCK_ONLY, OVERSOLD);
    }
}
