package flashsale.report;

import static flashsale.report.Samples.CHECK;
import static flashsale.report.Samples.LOCK;
import static flashsale.report.Samples.TWO;
import static flashsale.report.Samples.explored;

import flashsale.explore.Exploration.Mode;
import flashsale.explore.Fault;
import flashsale.explore.Scenario;
import flashsale.sale.Verdict;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A proof on one line")
class ProofLineTest {

    private static final Scenario EVICTION = TWO.called("an evicted key").oneFault(Fault.EVICTION);

    @Test
    void says_proved_and_what_it_covers_bounded_where_a_cap_or_a_limit_was_reached_and_exposed() {
        String lines = String.join(
                "",
                ProofLine.of(explored(LOCK, TWO, Mode.PROVE, 6, 4, Map.of())),
                ProofLine.of(explored(LOCK, TWO, Mode.COUNT, 20, 0, Map.of())),
                ProofLine.of(explored(
                        LOCK,
                        EVICTION.allowing(Verdict.LOST_STOCK, Verdict.GAVE_UP),
                        Mode.PROVE,
                        20,
                        0,
                        0,
                        true,
                        Map.of(Verdict.GAVE_UP, 3),
                        Map.of(Verdict.LOST_STOCK, 2))),
                ProofLine.of(explored(LOCK, TWO.allowing(Verdict.OVERSOLD), Mode.PROVE, 6, 0, Map.of())),
                ProofLine.of(explored(LOCK, TWO.attempts(3), Mode.PROVE, 60, 5, 7, true, Map.of(), Map.of())),
                ProofLine.of(explored(LOCK, TWO, Mode.PROVE, 200_000, 5, 0, false, Map.of(), Map.of())),
                ProofLine.of(
                        explored(CHECK, TWO, Mode.PROVE, 6, 4, Map.of(Verdict.OVERSOLD, 5, Verdict.LOST_ORDER, 1))));
        Golden.check("proof-lines", lines);
    }
}
