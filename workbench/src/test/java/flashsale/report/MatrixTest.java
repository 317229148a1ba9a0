package flashsale.report;

import static flashsale.report.Samples.CHECK;
import static flashsale.report.Samples.LOCK;
import static flashsale.report.Samples.TWO;
import static flashsale.report.Samples.explored;
import static org.assertj.core.api.Assertions.assertThat;

import flashsale.explore.Exploration.Mode;
import flashsale.explore.Fault;
import flashsale.explore.Scenario;
import flashsale.report.Matrix.Row;
import flashsale.sale.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The matrix of results")
class MatrixTest {

    private static final Scenario TICKETS =
            TWO.called("two buyers, two tickets").stock(2);

    private static final Row EXPOSED =
            new Row(explored(CHECK, TWO, Mode.COUNT, 16, 0, Map.of(Verdict.OVERSOLD, 12)), true);
    private static final Row PROVED = new Row(explored(CHECK, TICKETS, Mode.PROVE, 6, 4, Map.of()), true);

    @Test
    void shows_each_lesson_with_its_steps_and_scenarios() {
        Golden.check(
                "matrix",
                Matrix.of(List.of(
                        EXPOSED,
                        PROVED,
                        new Row(
                                explored(
                                        LOCK,
                                        TWO,
                                        Mode.COUNT,
                                        718,
                                        0,
                                        Map.of(Verdict.OVERSOLD, 360, Verdict.PHANTOM_STOCK, 4)),
                                true),
                        new Row(
                                explored(
                                        LOCK,
                                        TICKETS.oneFault(Fault.EVICTION).allowing(Verdict.GAVE_UP),
                                        Mode.PROVE,
                                        60,
                                        0,
                                        0,
                                        true,
                                        Map.of(Verdict.GAVE_UP, 3),
                                        Map.of(Verdict.LOST_STOCK, 5)),
                                true))));
    }

    @Test
    void marks_what_the_lesson_does_not_claim_and_explains_bounded() {
        Golden.check(
                "matrix-not-as-claimed",
                Matrix.of(List.of(
                        new Row(PROVED.exploration(), false),
                        new Row(explored(LOCK, TWO, Mode.PROVE, 99, 0, 2, true, Map.of(), Map.of()), false),
                        new Row(explored(LOCK, TICKETS, Mode.PROVE, 6, 0, Map.of(Verdict.STUCK, 1)), true))));
    }

    @Test
    void explains_bounded_only_where_something_is() {
        assertThat(Matrix.of(List.of(EXPOSED, PROVED))).doesNotContain("bounded");
    }
}
