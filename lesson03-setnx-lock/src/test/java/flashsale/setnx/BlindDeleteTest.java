package flashsale.setnx;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("Step 05 · BlindDelete")
class BlindDeleteTest {

    @Test
    @Order(1)
    @DisplayName("two buyers cannot see it: nobody is left to come in")
    void twoBuyersCannotSeeIt() {
        assertThat(explore(SetnxLesson.TWO_DO_NOT_SEE_THE_BLIND_DELETE))
                .isProved()
                .byRunning(12);
    }

    @Test
    @Order(2)
    @DisplayName("a late DEL frees the next buyer's lock, and a third one comes in")
    void freesSomebodyElsesLock() {
        assertThat(explore(SetnxLesson.BLIND_DELETE_FREES_ANOTHERS_LOCK))
                .oversells()
                .byRunning(304);
    }
}
