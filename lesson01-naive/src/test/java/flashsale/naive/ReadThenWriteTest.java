package flashsale.naive;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.PHANTOM_STOCK;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("Step 1 · ReadThenWrite")
class ReadThenWriteTest {

    @Test
    @Order(1)
    @DisplayName("both buyers read 1, and one ticket is sold twice; afterwards the stock reads 0")
    void sellsOneTicketTwice() {
        assertThat(explore(NaiveLesson.READ_THEN_WRITE_OVERSELLS))
                .oversells()
                .in(12)
                .of(16);
    }

    @Test
    @Order(2)
    @DisplayName("with a ticket to spare one update is lost: a sold ticket is still on sale")
    void leavesASoldTicketOnSale() {
        assertThat(explore(NaiveLesson.READ_THEN_WRITE_LOSES_AN_UPDATE))
                .shows(PHANTOM_STOCK)
                .in(12)
                .of(20);
    }
}
