package flashsale.watch;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("Step 1 · ReadBeforeWatch")
class ReadBeforeWatchTest {

    @Test
    @Order(1)
    @DisplayName("the ticket is sold between the read and the watch, and EXEC sells it again")
    void sellsOneTicketTwice() {
        assertThat(explore(WatchLesson.READ_BEFORE_WATCH_OVERSELLS))
                .oversells()
                .in(6)
                .of(20);
    }
}
