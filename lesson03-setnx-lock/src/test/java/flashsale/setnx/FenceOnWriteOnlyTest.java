package flashsale.setnx;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import flashsale.explore.Counterexample;
import flashsale.explore.Explorer;
import flashsale.explore.Schedule;
import flashsale.redis.RedisServers;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("Step 11 · FenceOnWriteOnly")
class FenceOnWriteOnlyTest {

    @Test
    @Order(1)
    @DisplayName("the stale write lands between the next holder's read and write, and the fence lets it pass")
    void theStaleWritePasses() {
        assertThat(explore(SetnxLesson.FENCE_ON_WRITE_ONLY_OVERSELLS))
                .oversells()
                .in(54)
                .of(294);
    }

    @Test
    @Order(2)
    @DisplayName("it is better than no fence: what comes after the next holder's write is refused")
    void refusesWhatComesAfterTheNextWrite() {
        Counterexample late = Explorer.on(RedisServers.shared())
                .replay(
                        SetnxLesson.FENCE_ON_WRITE_ONLY,
                        SetnxLesson.FENCE_ON_WRITE_ONLY_OVERSELLS.scenario(),
                        Schedule.parse("2A,expire:lock,4B,5A"));

        assertThat(late.findings()).isEmpty();
        assertThat(late.trace().get(7).command()).startsWith("EVAL(fenced write)");
        assertThat(late.trace().get(7).reply()).isEqualTo("0");
    }
}
