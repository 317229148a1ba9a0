package flashsale.redisson;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.Workbook.exploreQuietly;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.FAILED;
import static flashsale.sale.Verdict.PHANTOM_ORDER;
import static flashsale.sale.Verdict.STUCK;
import static org.assertj.core.api.Assertions.assertThat;

import flashsale.explore.Claim;
import flashsale.explore.Counterexample;
import flashsale.explore.Exploration;
import flashsale.explore.Explorer;
import flashsale.explore.Scenario;
import flashsale.explore.Schedule;
import flashsale.explore.Step;
import flashsale.redis.RedisServers;
import flashsale.redisson.UnlockElsewhere.How;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.redisson.api.RedissonClient;

@DisplayName("Step 3 · UnlockInOtherThread")
class UnlockInOtherThreadTest {

    @Test
    @Order(1)
    @DisplayName("in every schedule somebody has bought, and is told of an error")
    void fails() {
        Exploration all = explore(RedissonLesson.OTHER_THREAD_MAY_NOT_UNLOCK);

        assertThat(all).shows(FAILED, PHANTOM_ORDER);
        assertThat(all.schedules()).isEqualTo(40);
        assertThat(all.verdicts()).containsEntry(FAILED, 40).containsEntry(PHANTOM_ORDER, 40);
    }

    @Test
    @Order(2)
    @DisplayName(
            "the lock stays until its lease ends: the next buyer waits for the end of that time, and for no message")
    void waitsForTheEndOfTheLease() {
        Counterexample story = Explorer.on(RedisServers.shared())
                .replay(
                        RedissonLesson.UNLOCK_IN_OTHER_THREAD,
                        RedissonLesson.OTHER_THREAD_MAY_NOT_UNLOCK.scenario(),
                        Schedule.parse("4A,2B,time:lock,wake:B,3B"));

        assertThat(story.trace())
                .extracting(row -> row.choice() + " " + row.command() + " → " + row.reply())
                .containsSubsequence(
                        "A EVAL(unlock) lock → nil", // it is not this thread's
                        "B EVAL(lock) lock → 10000", // it is there for another ten seconds
                        "wake:B  → ",
                        "B EVAL(lock) lock → nil");
    }

    @Test
    @Order(3)
    @DisplayName(
            "taken without a lease, it stays for ever, in every schedule: the watchdog of the living process renews it")
    void staysForEverUnderTheWatchdog() {
        Exploration all = exploreQuietly(claim(How.WATCHED));

        assertThat(all.complete()).isTrue();
        assertThat(all.verdicts()).containsEntry(STUCK, all.schedules());
    }

    @Test
    @Order(4)
    @DisplayName("with the number of the thread that locked, another thread may unlock")
    void withTheOwnersNumber() {
        assertThat(exploreQuietly(claim(How.WITH_THE_OWNERS_NUMBER))).isProved();
    }

    @Test
    @Order(5)
    @DisplayName("it is no race: a buyer who is alone has bought, and is told of an error, too")
    void failsAlone() {
        Exploration alone = exploreQuietly(Claim.proved(
                RedissonLesson.UNLOCK_IN_OTHER_THREAD,
                Scenario.named("one buyer").buyer("Alice", 1)));

        assertThat(alone.schedules()).isEqualTo(1);
        assertThat(alone.verdicts()).containsOnlyKeys(FAILED, PHANTOM_ORDER);
    }

    private static Claim claim(How how) {
        Step step = new Step(
                "src/test",
                UnlockElsewhere.class,
                shop -> new UnlockElsewhere(shop.client(RedissonClient.class), shop.item(), how));
        return Claim.proved(step, RedissonLesson.OTHER_THREAD_MAY_NOT_UNLOCK.scenario());
    }
}
