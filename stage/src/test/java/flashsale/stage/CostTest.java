package flashsale.stage;

import static org.assertj.core.api.Assertions.assertThat;

import flashsale.explore.Effort;
import flashsale.explore.Explorer;
import flashsale.explore.Pace;
import flashsale.explore.Step;
import flashsale.redis.RedisServers;
import flashsale.sale.Finding;
import flashsale.sale.Verdict;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Counts and no times, each from one fixed schedule: who goes on is decided by the pace, and never by luck. */
@DisplayName("What a purchase costs, in round trips, for a crowd of 1, 8 and 64")
class CostTest {

    private static final List<Integer> CROWDS = List.of(1, 8, 64);

    /** So many for each buyer, whoever else is there. */
    private static IntUnaryOperator each(int roundTrips) {
        return buyers -> roundTrips * buyers;
    }

    /** Each success makes all who are still there begin again: n + (n − 1) + … + 1 attempts. */
    private static IntUnaryOperator eachAttempt(int roundTrips) {
        return buyers -> roundTrips * buyers * (buyers + 1) / 2;
    }

    /** And each release makes all who still wait ask once more: (n − 1) + (n − 2) + … + 1 questions for nothing. */
    private static IntUnaryOperator eachAndPolls(int roundTrips) {
        return buyers -> roundTrips * buyers + buyers * (buyers - 1) / 2;
    }

    /**
     * Who waits for one of Redisson's locks asks twice before it sleeps, once before it has subscribed and once after;
     * then each release wakes all who still wait, and one of them gets the lock: 2 × (n − 1) and (n − 2) + … + 1
     * questions for nothing. Each buyer is a client of its own here; of one client's threads one alone is waked.
     */
    private static IntUnaryOperator eachAndMessages(int roundTrips) {
        return buyers -> roundTrips * buyers + 2 * (buyers - 1) + (buyers - 1) * (buyers - 2) / 2;
    }

    /** Of two shards the first has the odd ticket. A single buyer begins at the second, and has to go on. */
    private static int sharded(int buyers) {
        return buyers == 1 ? 2 : buyers;
    }

    /** Step, round trips one after the other, round trips in lock-step. A new step of a lesson is one more line. */
    static Stream<Arguments> costs() {
        return Stream.of(
                Arguments.of("DecrementThenCompensate", each(2), each(2)),
                Arguments.of("WatchThenRead", each(4), eachAttempt(4)),
                Arguments.of("CompareAndDelete", each(5), eachAndPolls(5)),
                Arguments.of("FencedPurchase", each(4), eachAndPolls(4)),
                Arguments.of("AtomicPurchase", each(1), each(1)),
                Arguments.of("IdempotentPurchase", each(1), each(1)),
                Arguments.of("PurchaseFunction", each(1), each(1)),
                Arguments.of("QueuedPurchase", each(1), each(1)),
                Arguments.of(
                        "ShardedStock", (IntUnaryOperator) CostTest::sharded, (IntUnaryOperator) CostTest::sharded),
                Arguments.of("WatchdogLock", each(4), eachAndMessages(4)),
                Arguments.of("FencedLock", each(4), eachAndMessages(4)),
                Arguments.of("SemaphoreStock", each(2), each(2)),
                Arguments.of("ExpirablePermitStock", each(2), each(2)),
                Arguments.of("ScriptedPurchase", each(1), each(1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("costs")
    @DisplayName("everybody gets a ticket, nothing is wrong, and it takes exactly so many round trips")
    void exactly(String name, IntUnaryOperator oneAfterTheOther, IntUnaryOperator lockStep) {
        Step step = Lessons.ALL.ofStep(name).get(0).step();
        Explorer explorer = Explorer.on(RedisServers.shared());
        for (int buyers : CROWDS) {
            assertCosts(explorer.effort(step, buyers, Pace.ONE_AFTER_THE_OTHER), oneAfterTheOther);
            assertCosts(explorer.effort(step, buyers, Pace.LOCK_STEP), lockStep);
        }
    }

    private static void assertCosts(Effort effort, IntUnaryOperator roundTrips) {
        assertThat(effort.findings()).isEmpty();
        assertThat(effort.sold()).isEqualTo(effort.buyers());
        assertThat(effort.roundTrips())
                .as("%s buyers", effort.buyers())
                .isEqualTo(roundTrips.applyAsInt(effort.buyers()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cheapAndWrong")
    @DisplayName("what is cheap is not always right, and the table says so")
    void cheapAndWrong(String name, int roundTrips, Verdict verdict) {
        Step step = Lessons.ALL.ofStep(name).get(0).step();

        Effort effort = Explorer.on(RedisServers.shared()).effort(step, 64, Pace.LOCK_STEP);

        assertThat(effort.roundTrips()).isEqualTo(64 * roundTrips);
        assertThat(effort.findings()).extracting(Finding::verdict).containsExactly(verdict);
    }

    static Stream<Arguments> cheapAndWrong() {
        return Stream.of(Arguments.of("ReadThenWrite", 3, Verdict.PHANTOM_STOCK));
    }
}
