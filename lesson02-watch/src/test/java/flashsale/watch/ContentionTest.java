package flashsale.watch;

import static org.assertj.core.api.Assertions.assertThat;

import flashsale.explore.Effort;
import flashsale.explore.Explorer;
import flashsale.explore.Pace;
import flashsale.redis.RedisServers;
import flashsale.report.EffortTable;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("The cost · optimistic does not mean free")
class ContentionTest {

    /** WATCH, GET, MULTI with what is queued, EXEC. */
    private static final int ROUND_TRIPS_OF_AN_ATTEMPT = 4;

    private final Explorer explorer = Explorer.on(RedisServers.shared());

    @Test
    @Order(1)
    @DisplayName("one after the other a ticket costs four round trips; in lock-step 64 buyers pay 130, and 31.5 aborts")
    void costsMoreWithEveryBuyer() {
        Map<Pace, List<Effort>> efforts = new EnumMap<>(Pace.class);
        for (Pace pace : Pace.values()) {
            efforts.put(
                    pace,
                    List.of(1, 2, 4, 8, 16, 32, 64).stream()
                            .map(buyers -> explorer.effort(WatchLesson.WATCH_THEN_READ, buyers, pace))
                            .toList());
        }
        System.out.print("\n" + EffortTable.of(WatchLesson.WATCH_THEN_READ, efforts));

        assertThat(efforts.get(Pace.ONE_AFTER_THE_OTHER)).allSatisfy(effort -> {
            int n = effort.buyers();
            assertThat(effort).isEqualTo(new Effort(n, n, ROUND_TRIPS_OF_AN_ATTEMPT * n, 0, List.of()));
        });
        assertThat(efforts.get(Pace.LOCK_STEP)).allSatisfy(effort -> {
            int n = effort.buyers();
            int attempts = n * (n + 1) / 2; // n, then n - 1, … then 1: every round has one winner
            assertThat(effort)
                    .isEqualTo(new Effort(n, n, ROUND_TRIPS_OF_AN_ATTEMPT * attempts, attempts - n, List.of()));
        });
    }

    @Test
    @Order(2)
    @DisplayName(
            "eight attempts each, 64 buyers in lock-step: eight tickets are sold, and 56 buyers and tickets remain")
    void boundedRetrySellsLittleInACrush() {
        Effort effort = explorer.effort(WatchLesson.boundedRetry(8), 64, Pace.LOCK_STEP);

        assertThat(effort.sold()).isEqualTo(8);
        assertThat(effort.findings()).hasSize(56);
    }
}
