package flashsale.setnx;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.Workbook.exploreQuietly;
import static flashsale.assertions.WorkbookAssertions.assertProofFailsFor;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.OVERSOLD;

import flashsale.explore.Claim;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("Step 09 · SharedOwner")
class SharedOwnerTest {

    @Test
    @Order(1)
    @DisplayName("one buyer in each process: one value for a process is enough")
    void aProcessOfOnesOwn() {
        assertThat(explore(SetnxLesson.OWN_PROCESS_OWN_NAME)).isProved().byRunning(176);
    }

    @Test
    @Order(2)
    @DisplayName(
            "two threads of one process: the late release of the first frees the lock of the second, and a third comes in")
    void twoThreadsOfOneProcess() {
        assertThat(explore(SetnxLesson.SHARED_OWNER_FREES_ANOTHERS_LOCK))
                .oversells()
                .byRunning(801);
    }

    @Test
    @Order(3)
    @DisplayName(
            "a value that is new for each time, which is step 8, mends it; a value for all, which is step 5, fails even the first proof")
    void theValueIsNeeded() {
        assertThat(exploreQuietly(Claim.proved(
                        SetnxLesson.COMPARE_AND_DELETE, SetnxLesson.SHARED_OWNER_FREES_ANOTHERS_LOCK.scenario())))
                .isProved();
        assertProofFailsFor(SetnxLesson.BLIND_DELETE, SetnxLesson.OWN_PROCESS_OWN_NAME, OVERSOLD);
    }
}
