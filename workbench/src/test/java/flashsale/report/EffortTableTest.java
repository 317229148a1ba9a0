package flashsale.report;

import flashsale.explore.Effort;
import flashsale.explore.Pace;
import flashsale.explore.Step;
import flashsale.sale.Finding;
import flashsale.sale.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The table of efforts")
class EffortTableTest {

    private static Effort effort(int buyers, int sold, int roundTrips, int aborted) {
        return new Effort(buyers, sold, roundTrips, aborted, List.of());
    }

    @Test
    void has_a_row_and_a_bar_for_each_size_of_the_crowd() {
        Golden.check(
                "efforts",
                EffortTable.of(
                        Samples.LOCK,
                        Map.of(
                                Pace.ONE_AFTER_THE_OTHER,
                                List.of(effort(1, 1, 4, 0), effort(8, 8, 32, 0), effort(1000, 1000, 4000, 0)),
                                Pace.LOCK_STEP,
                                List.of(effort(1, 1, 4, 0), effort(8, 8, 144, 28), effort(1000, 3, 2002, 499)))));
    }

    @Test
    void of_several_steps_has_a_row_for_each_and_says_which_do_not_hold() {
        Effort wrong = new Effort(
                8,
                8,
                24,
                0,
                List.of(
                        new Finding(Verdict.PHANTOM_STOCK, "7 on sale", false),
                        new Finding(Verdict.OVERSOLD, "9 sold", false)));
        Map<Step, Map<Pace, List<Effort>>> efforts = new LinkedHashMap<>();
        efforts.put(
                Samples.LOCK,
                Map.of(
                        Pace.ONE_AFTER_THE_OTHER, List.of(effort(1, 1, 4, 0), effort(8, 8, 32, 0)),
                        Pace.LOCK_STEP, List.of(effort(1, 1, 4, 0), effort(8, 3, 2002, 499))));
        efforts.put(
                Samples.CHECK,
                Map.of(
                        Pace.ONE_AFTER_THE_OTHER, List.of(effort(1, 0, 3, 0), effort(8, 8, 24, 0)),
                        Pace.LOCK_STEP, List.of(effort(1, 1, 3, 0), wrong)));

        Golden.check("efforts-of-several", EffortTable.comparing(efforts));
    }

    @Test
    void has_dashes_where_nothing_was_sold() {
        Golden.check(
                "efforts-nothing-sold",
                EffortTable.of(
                        Samples.CHECK,
                        Map.of(
                                Pace.ONE_AFTER_THE_OTHER, List.of(effort(2, 0, 4, 0)),
                                Pace.LOCK_STEP, List.of(effort(2, 0, 4, 0)))));
    }
}
