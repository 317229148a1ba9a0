package flashsale.watch;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.LOST_ORDER;
import static flashsale.sale.Verdict.LOST_STOCK;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("Step 3 · OverwrittenRecord")
class OverwrittenRecordTest {

    @Test
    @Order(1)
    @DisplayName("a buyer who comes twice has bought two tickets, and the record says one")
    void theSecondPurchaseErasesTheFirst() {
        assertThat(explore(WatchLesson.SECOND_PURCHASE_ERASES_THE_FIRST))
                .shows(LOST_STOCK, LOST_ORDER)
                .in(1)
                .of(1);
    }
}
