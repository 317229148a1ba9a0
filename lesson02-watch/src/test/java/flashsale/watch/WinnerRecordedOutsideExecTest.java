package flashsale.watch;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.LOST_STOCK;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("Step 6 · WinnerRecordedOutsideExec")
class WinnerRecordedOutsideExecTest {

    @Test
    @Order(1)
    @DisplayName("while nobody crashes it holds, in any interleaving")
    void holdsWithoutACrash() {
        assertThat(explore(WatchLesson.WINNER_HOLDS_WITHOUT_A_CRASH)).isProved().byRunning(6);
    }

    @Test
    @Order(2)
    @DisplayName("a crash between EXEC and the record: the ticket is neither on sale nor sold")
    void aCrashBeforeTheRecordLosesStock() {
        assertThat(explore(WatchLesson.CRASH_BEFORE_THE_RECORD))
                .shows(LOST_STOCK)
                .in(248)
                .of(716);
    }
}
