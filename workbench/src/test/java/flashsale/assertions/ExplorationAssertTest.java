package flashsale.assertions;

import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.LOST_ORDER;
import static flashsale.sale.Verdict.LOST_STOCK;
import static flashsale.sale.Verdict.OVERSOLD;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.explore.Exploration;
import flashsale.explore.Exploration.Mode;
import flashsale.explore.Scenario;
import flashsale.explore.Step;
import flashsale.sale.FlashSale;
import flashsale.sale.Verdict;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Assertions on an exploration")
class ExplorationAssertTest {

    private static Exploration of(int schedules, Map<Verdict, Integer> verdicts) {
        Step step = new Step("test", FlashSale.class, shop -> null);
        return new Exploration(
                step,
                Scenario.named("one ticket"),
                Mode.COUNT,
                schedules,
                0,
                0,
                true,
                verdicts,
                Map.of(),
                Map.of(),
                Set.of());
    }

    @Test
    void several_verdicts_that_go_together_are_all_named_and_have_one_share() {
        Exploration both = of(16, Map.of(LOST_STOCK, 2, LOST_ORDER, 2));

        assertThat(both).shows(LOST_STOCK, LOST_ORDER).in(2).of(16);
        assertThat(both).shows(LOST_ORDER, LOST_STOCK);
    }

    @Test
    void a_verdict_too_few_or_too_many_fails() {
        Exploration both = of(16, Map.of(LOST_STOCK, 2, LOST_ORDER, 2));

        assertThatThrownBy(() -> assertThat(both).shows(LOST_STOCK))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("LOST_ORDER");
        assertThatThrownBy(() -> assertThat(both).shows(LOST_STOCK, LOST_ORDER, OVERSOLD))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("OVERSOLD");
        assertThatThrownBy(() -> assertThat(both).oversells()).isInstanceOf(AssertionError.class);
    }

    @Test
    void a_share_that_holds_for_one_of_them_only_fails() {
        Exploration unlike = of(16, Map.of(LOST_STOCK, 2, LOST_ORDER, 3));

        assertThatThrownBy(() ->
                        assertThat(unlike).shows(LOST_STOCK, LOST_ORDER).in(2).of(16))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("expected LOST_ORDER in 2 of 16 schedules")
                .hasMessageContaining("3 of 16");
        assertThatThrownBy(() ->
                        assertThat(unlike).shows(LOST_STOCK, LOST_ORDER).in(2).of(17))
                .isInstanceOf(AssertionError.class);
    }
}
