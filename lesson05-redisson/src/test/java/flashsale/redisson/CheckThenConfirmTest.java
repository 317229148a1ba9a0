package flashsale.redisson;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.GAVE_UP;
import static flashsale.sale.Verdict.OVERSOLD;
import static flashsale.sale.Verdict.PHANTOM_STOCK;
import static org.assertj.core.api.Assertions.assertThat;

import flashsale.explore.Exploration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("Step 7 · CheckThenConfirm")
class CheckThenConfirmTest {

    @Test
    @Order(1)
    @DisplayName("while everybody pays in time, it holds")
    void holds() {
        assertThat(explore(RedissonLesson.CHECKED_PERMIT_HOLDS)).isProved().byRunning(6);
    }

    @Test
    @Order(2)
    @DisplayName("a reservation that ends between the look and the record: one unit, two buyers")
    void oversells() {
        Exploration exploration = explore(RedissonLesson.CHECKED_PERMIT_OVERSELLS);

        assertThat(exploration).shows(OVERSOLD, PHANTOM_STOCK);
        assertThat(exploration.mode()).isEqualTo(Exploration.Mode.COUNT);
        assertThat(exploration.schedules()).isEqualTo(56);
        // The reservation ends before or after the look; then the other buyer reserves, looks and records, and the late
        // record comes before, between or after the last two: 2 × 3 orders, for each of the two buyers.
        // Where the other had come too early, and only asks what is left, the unit is given back and not bought: the
        // look has three places before that question, for each of the two buyers.
        assertThat(exploration.verdicts())
                .containsEntry(OVERSOLD, 12)
                .containsEntry(PHANTOM_STOCK, 6)
                .containsEntry(GAVE_UP, 8);
    }
}
