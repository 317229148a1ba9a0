package flashsale.setnx;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("Step 06 · CheckThenDelete")
class CheckThenDeleteTest {

    @Test
    @Order(1)
    @DisplayName("the lock changes hands between the look and the DEL")
    void freesSomebodyElsesLock() {
        assertThat(explore(SetnxLesson.CHECK_THEN_DELETE_FREES_ANOTHERS_LOCK))
                .oversells()
                .byRunning(528);
    }
}
