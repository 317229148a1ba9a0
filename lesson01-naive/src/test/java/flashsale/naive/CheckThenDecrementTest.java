package flashsale.naive;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("Step 2 · CheckThenDecrement")
class CheckThenDecrementTest {

    @Test
    @Order(1)
    @DisplayName("both buyers check the same ticket, both decrement, and the stock goes negative")
    void sellsOneTicketTwice() {
        assertThat(explore(NaiveLesson.CHECK_THEN_DECREMENT_OVERSELLS))
                .oversells()
                .in(12)
                .of(16);
    }

    @Test
    @Order(2)
    @DisplayName("the decrement itself loses no update: with a ticket for each the books are right")
    void losesNoUpdate() {
        assertThat(explore(NaiveLesson.CHECK_THEN_DECREMENT_LOSES_NO_UPDATE))
                .isProved()
                .byRunning(8);
    }
}
