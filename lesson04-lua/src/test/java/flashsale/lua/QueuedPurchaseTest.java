package flashsale.lua;

import static flashsale.assertions.Workbook.explore;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("Step 6 · QueuedPurchase")
class QueuedPurchaseTest {

    @Test
    @Order(1)
    @DisplayName("two buyers, one ticket")
    void holds() {
        for (var c : LuaLesson.claims()) explore(c);
    }
}
