package flashsale.watch;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.LOST_STOCK;
import static flashsale.sale.Verdict.PHANTOM_ORDER;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("Step 2 · MisreadExecReply")
class MisreadExecReplyTest {

    @Test
    @Order(1)
    @DisplayName("one call of one buyer takes all five tickets, records one, and is told sold out")
    void oneCallEmptiesTheSale() {
        assertThat(explore(WatchLesson.ONE_CALL_EMPTIES_THE_SALE))
                .shows(LOST_STOCK, PHANTOM_ORDER)
                .in(1)
                .of(1);
    }
}
