package flashsale.lua;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.PHANTOM_ORDER;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("Step 3 · RetriedBlindly")
class RetriedBlindlyTest {

    @Test
    @Order(1)
    @DisplayName("while every reply arrives, nothing is wrong")
    void holdsWithoutAFault() {
        assertThat(explore(LuaLesson.RETRIED_HOLDS_WITHOUT_A_FAULT)).isProved().byRunning(2);
    }

    @Test
    @Order(2)
    @DisplayName("a reply is lost, the call is repeated: two orders from one wish, wherever it happens")
    void twoOrdersFromOneWish() {
        assertThat(explore(LuaLesson.TWO_ORDERS_FROM_ONE_WISH))
                .shows(PHANTOM_ORDER)
                .in(6)
                .of(8);
    }

    @Test
    @Order(3)
    @DisplayName("the same with the last ticket: she has it, and is told that it is sold out")
    void boughtAndToldNo() {
        assertThat(explore(LuaLesson.BOUGHT_AND_TOLD_NO))
                .shows(PHANTOM_ORDER)
                .in(1)
                .of(2);
    }
}
