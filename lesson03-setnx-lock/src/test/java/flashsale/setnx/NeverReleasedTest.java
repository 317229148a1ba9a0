package flashsale.setnx;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.GAVE_UP;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("Step 04 · NeverReleased")
class NeverReleasedTest {

    @Test
    @Order(1)
    @DisplayName("it never oversells: the end of the lease releases the lock")
    void neverOversells() {
        assertThat(explore(SetnxLesson.NEVER_RELEASED_NEVER_OVERSELLS))
                .isProved()
                .byRunning(4);
    }

    @Test
    @Order(2)
    @DisplayName("the next buyer's deadline falls on the end of the lease: who looks a moment too early gives up")
    void givesUpWhereDeadlineAndLeaseMeet() {
        assertThat(explore(SetnxLesson.NEVER_RELEASED_GIVES_UP))
                .shows(GAVE_UP)
                .in(8)
                .of(16);
    }
}
