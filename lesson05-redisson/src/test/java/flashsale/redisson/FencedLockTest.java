package flashsale.redisson;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertProofFailsFor;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import flashsale.explore.Step;
import flashsale.redis.RedisServer;
import flashsale.redis.RedissonConnection;
import flashsale.redisson.FencedLockWithout.Without;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.redisson.api.RFencedLock;
import org.redisson.api.RedissonClient;
import redis.clients.jedis.RedisClient;

@DisplayName("Step 5 · FencedLock")
class FencedLockTest {

    @Test
    @Order(1)
    @DisplayName("two buyers, a pause longer than the lease at any moment: it never oversells")
    void survivesAPause() {
        assertThat(explore(RedissonLesson.FENCED_LOCK_SURVIVES_A_PAUSE))
                .isProved()
                .byRunning(90);
    }

    @Test
    @Order(2)
    @DisplayName("two buyers, two tickets: who is fenced off asks again, and nobody goes without")
    void turnsNobodyAway() {
        assertThat(explore(RedissonLesson.FENCED_LOCK_TURNS_NOBODY_AWAY))
                .isProved()
                .byRunning(90);
    }

    @Test
    @Order(3)
    @DisplayName("two buyers, a crash at any moment: nothing is lost, and nobody is stuck")
    void survivesACrash() {
        assertThat(explore(RedissonLesson.FENCED_LOCK_SURVIVES_A_CRASH))
                .isProved()
                .byRunning(58);
    }

    @Test
    @Order(4)
    @DisplayName("two buyers, a crash and a pause")
    void survivesBoth() {
        assertThat(explore(RedissonLesson.FENCED_LOCK_SURVIVES_BOTH)).isProved().byRunning(1176);
    }

    @Test
    @Order(5)
    @DisplayName("where the write does not check the token, the first proof fails")
    void theWriteMustBeFenced() {
        assertProofFailsFor(
                without(Without.WRITE_CHECK), RedissonLesson.FENCED_LOCK_SURVIVES_A_PAUSE, Verdict.OVERSOLD);
    }

    @Test
    @Order(6)
    @DisplayName(
            "where the read does not raise the fence, the first proof fails: the write's check alone is not enough")
    void theReadMustBeFenced() {
        assertProofFailsFor(without(Without.READ_CHECK), RedissonLesson.FENCED_LOCK_SURVIVES_A_PAUSE, Verdict.OVERSOLD);
    }

    @Test
    @Order(7)
    @DisplayName("where lock and token are two calls, the first proof fails: the token may be the next holder's")
    void lockAndTokenMustBeOneStep() {
        assertProofFailsFor(
                without(Without.TOKEN_WITH_THE_LOCK), RedissonLesson.FENCED_LOCK_SURVIVES_A_PAUSE, Verdict.OVERSOLD);
    }

    @Test
    @Order(8)
    @DisplayName("without another attempt a buyer who was fenced off gives up while a ticket remains")
    void anotherAttemptIsNeeded() {
        assertProofFailsFor(
                without(Without.SECOND_ATTEMPT), RedissonLesson.FENCED_LOCK_TURNS_NOBODY_AWAY, Verdict.GAVE_UP);
    }

    @Test
    @Order(9)
    @DisplayName(
            "where the release's exception is let out, the first proof fails: a buyer who has the ticket is told of an error")
    void theReleaseMustBeQuiet() {
        assertProofFailsFor(
                without(Without.QUIET_RELEASE), RedissonLesson.FENCED_LOCK_SURVIVES_A_PAUSE, Verdict.FAILED);
    }

    @Test
    @Order(10)
    @DisplayName(
            "lockAndGetToken(lease) of Redisson 4.7 drops its lease and has the watchdog's; tryLockAndGetToken keeps it")
    void theLeaseIsDropped() {
        RedisServer server = EmptyRedis.shared();
        try (RedisClient redis = server.connect();
                RedissonConnection redisson = RedissonConnection.to(server)) {
            RFencedLock lock = redisson.client().getFencedLock("sale:{concert}:lock");

            lock.lockAndGetToken(1, TimeUnit.HOURS);
            assertThat(Duration.ofMillis(redis.pttl("sale:{concert}:lock")))
                    .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(30));
            lock.unlock();

            lock.tryLockAndGetToken(1, 3600, TimeUnit.SECONDS);
            assertThat(Duration.ofMillis(redis.pttl("sale:{concert}:lock")))
                    .isBetween(Duration.ofSeconds(31), Duration.ofHours(1));
            lock.unlock();
        }
    }

    @Test
    @Order(11)
    @DisplayName("a sale that is opened again gives no token twice: who still pauses in the earlier one is fenced off")
    void openedAgain() {
        RedisServer server = EmptyRedis.shared();
        try (RedissonConnection alices = RedissonConnection.to(server);
                RedissonConnection bobs = RedissonConnection.to(server)) {
            HookedRedisson hooked = new HookedRedisson(alices.client());
            FencedLock sale = new FencedLock(hooked.client(), "concert");
            FencedLock later = new FencedLock(bobs.client(), "concert");
            sale.open(1);
            List<Outcome> bob = new ArrayList<>();
            hooked.before("-- fenced write", () -> {
                later.open(1);
                bob.add(later.buy(new Purchase("Bob", 1, "Bob-1")));
            });

            assertThat(sale.buy(new Purchase("Alice", 1, "Alice-1"))).isEqualTo(Outcome.SOLD_OUT);

            assertThat(bob).containsExactly(Outcome.SOLD);
            assertThat(sale.books().remaining()).hasValue(0);
        }
    }

    private static Step without(Without what) {
        return new Step(
                "src/test",
                FencedLockWithout.class,
                shop -> new FencedLockWithout(shop.client(RedissonClient.class), shop.item(), what));
    }
}
