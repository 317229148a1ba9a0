package flashsale.watch;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.Workbook.exploreQuietly;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.GAVE_UP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.explore.Claim;
import flashsale.explore.Effort;
import flashsale.explore.Exploration;
import flashsale.explore.Explorer;
import flashsale.explore.Pace;
import flashsale.explore.Step;
import flashsale.redis.RedisServers;
import flashsale.sale.Sleeper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("Step 8 · BoundedRetry")
class BoundedRetryTest {

    @Test
    @Order(1)
    @DisplayName("it never oversells, even with a single attempt")
    void neverOversells() {
        assertThat(explore(WatchLesson.ONE_ATTEMPT_NEVER_OVERSELLS)).isProved().byRunning(6);
    }

    @Test
    @Order(2)
    @DisplayName("with one attempt a buyer gives up while a ticket remains")
    void oneAttemptGivesUp() {
        assertThat(explore(WatchLesson.ONE_ATTEMPT_GIVES_UP))
                .shows(GAVE_UP)
                .in(18)
                .of(20);
    }

    @Test
    @Order(3)
    @DisplayName("two attempts are enough for two buyers, whatever happens")
    void twoAttemptsForTwo() {
        assertThat(explore(WatchLesson.TWO_ATTEMPTS_ARE_ENOUGH_FOR_TWO))
                .isProved()
                .byRunning(6);
    }

    @Test
    @Order(4)
    @DisplayName("three attempts are enough for three buyers, whatever happens")
    void threeAttemptsForThree() {
        assertThat(explore(WatchLesson.THREE_ATTEMPTS_ARE_ENOUGH_FOR_THREE))
                .isProved()
                .byRunning(216);
    }

    @Test
    @Order(5)
    @DisplayName("two attempts are not enough for three buyers")
    void twoAttemptsForThree() {
        Exploration exploration = exploreQuietly(
                Claim.proved(WatchLesson.boundedRetry(2), WatchLesson.THREE_ATTEMPTS_ARE_ENOUGH_FOR_THREE.scenario()));

        assertThat(exploration.verdicts()).containsOnlyKeys(GAVE_UP);
    }

    @Test
    @Order(6)
    @DisplayName(
            "eight buyers in lock-step, four attempts: four are sold a ticket, four give up, and four tickets remain")
    void givesUpInACrowd() {
        Effort effort = Explorer.on(RedisServers.shared()).effort(WatchLesson.boundedRetry(4), 8, Pace.LOCK_STEP);

        assertThat(effort.sold()).isEqualTo(4);
        assertThat(effort.aborted()).isEqualTo(1 + 2 + 3 + 4 * 4);
        assertThat(effort.findings())
                .hasSize(4)
                .allSatisfy(finding -> assertThat(finding.verdict()).isEqualTo(GAVE_UP));
    }

    @Test
    @Order(7)
    @DisplayName("there is a pause between two attempts and none after the last, and the longest allowed one doubles")
    void pausesBetweenAttempts() {
        Map<String, List<Duration>> pauses = new ConcurrentHashMap<>();
        Sleeper recording = (pause, deadline) -> {
            assertThat(deadline).isEqualTo(Sleeper.NO_DEADLINE);
            pauses.computeIfAbsent(Thread.currentThread().getName(), buyer -> new ArrayList<>())
                    .add(pause);
        };
        Step step = new Step(
                "src/test", BoundedRetry.class, shop -> new BoundedRetry(shop.redis(), shop.item(), 10, recording));

        Explorer.on(RedisServers.shared()).effort(step, 11, Pace.LOCK_STEP);

        for (int buyer = 2; buyer <= 11; buyer++) { // the first is never beaten, the eleventh ten times
            List<Duration> own = pauses.get("buyer-" + buyer);
            assertThat(own).hasSize(Math.min(buyer - 1, 9));
            for (int i = 0; i < own.size(); i++) {
                assertThat(own.get(i)).isBetween(Duration.ZERO, Duration.ofMillis(2L << Math.min(i + 1, 6)));
            }
        }
        assertThat(pauses).hasSize(10);
        // 54 random pauses are not all alike.
        assertThat(pauses.values().stream().flatMap(List::stream).distinct().count())
                .isGreaterThan(1);
    }

    @Test
    @Order(8)
    @DisplayName("less than one attempt is refused")
    void needsAnAttempt() {
        assertThatThrownBy(() -> new BoundedRetry(null, "concert", 0, Sleeper.real()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("attempts is 0, but must be a whole number from 1");
    }

    @Test
    @Order(9)
    @DisplayName("without the watch the proof fails, so it is the watch that holds")
    void theWatchIsNeeded() {
        Step copy = new Step(
                "src/test",
                BoundedWatchRemoved.class,
                shop -> new BoundedWatchRemoved(shop.redis(), shop.item(), 1, shop.sleeper()));
        Exploration unprotected =
                exploreQuietly(Claim.proved(copy, WatchLesson.ONE_ATTEMPT_NEVER_OVERSELLS.scenario()));

        assertThatThrownBy(() -> assertThat(unprotected).isProved())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("OVERSOLD");
    }

    @Test
    @Order(10)
    @DisplayName("to say sold out when giving up is a lie, and the audit calls it one")
    void givingUpIsNotSoldOut() {
        Step copy = new Step(
                "src/test",
                SoldOutWhenGivingUp.class,
                shop -> new SoldOutWhenGivingUp(shop.redis(), shop.item(), 1, shop.sleeper()));
        Exploration lying = exploreQuietly(Claim.exposed(copy, WatchLesson.ONE_ATTEMPT_GIVES_UP.scenario(), GAVE_UP));

        assertThatThrownBy(() -> assertThat(lying).shows(GAVE_UP))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("TURNED_AWAY");
    }
}
