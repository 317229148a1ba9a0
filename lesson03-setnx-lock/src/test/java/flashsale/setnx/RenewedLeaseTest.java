package flashsale.setnx;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertProofFailsFor;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.OVERSOLD;
import static flashsale.sale.Verdict.STUCK;
import static org.assertj.core.api.Assertions.assertThat;

import flashsale.redis.RedisServers;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.Repeater;
import flashsale.sale.Sleeper;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.params.SetParams;

@DisplayName("Step 10 · RenewedLease")
class RenewedLeaseTest {

    private static final String LOCK = "sale:{concert}:lock";
    private static final Purchase ONE = new Purchase("Alice", 1, "Alice-1");

    private final RedisClient redis = RedisServers.shared().connect();
    private final HookedConnections connections = new HookedConnections(RedisServers.shared());
    private final RedisClient alices = connections.client();
    private final ByHand renewal = new ByHand();
    private final RenewedLease sale =
            new RenewedLease(alices, "concert", InstantSource.system(), Sleeper.real(), renewal);

    /** A repeater whose task runs when the test says so. */
    private static final class ByHand implements Repeater {
        private Duration period;
        private Runnable task;
        private boolean closed;

        @Override
        public Repeated every(Duration time, Runnable what) {
            period = time;
            task = what;
            closed = false;
            return () -> closed = true;
        }
    }

    @BeforeEach
    void open() {
        sale.open(1);
    }

    @AfterEach
    void close() {
        redis.del(LOCK);
        redis.close();
        alices.close();
    }

    @Test
    @Order(1)
    @DisplayName("wherever the renewal strikes, the lock holds while nobody pauses")
    void holds() {
        assertThat(explore(SetnxLesson.RENEWED_LEASE_HOLDS)).isProved().byRunning(116);
    }

    @Test
    @Order(2)
    @DisplayName("a crash takes the renewal with it: the lease ends, and the others go on")
    void survivesACrash() {
        assertThat(explore(SetnxLesson.RENEWED_LEASE_SURVIVES_A_CRASH))
                .isProved()
                .byRunning(884);
    }

    @Test
    @Order(3)
    @DisplayName("a pause of the whole process halts the renewal, and the holder wakes up without its lock and writes")
    void oversellsAfterAPause() {
        assertThat(explore(SetnxLesson.RENEWED_LEASE_OVERSELLS)).oversells().byRunning(814);
    }

    @Test
    @Order(4)
    @DisplayName("a renewal starts the lease anew while the purchase goes on, three times in a lease")
    void startsTheLeaseAnew() {
        connections.before("MULTI", () -> {
            redis.pexpire(LOCK, 5_000);
            renewal.task.run();
            assertThat(redis.pttl(LOCK)).as("what is left of the lease, in ms").isGreaterThan(5_000);
        });

        assertThat(sale.buy(ONE)).isEqualTo(Outcome.SOLD);

        assertThat(connections.allHappened()).isTrue();
        assertThat(renewal.period).isLessThanOrEqualTo(Duration.ofSeconds(10).dividedBy(3));
        assertThat(renewal.closed).isTrue();
        assertThat(redis.exists(LOCK)).isFalse();
    }

    @Test
    @Order(5)
    @DisplayName("a renewal that comes too late takes no lock back: neither a free one nor somebody else's")
    void takesNoLockBack() {
        connections.before("MULTI", () -> {
            redis.del(LOCK);
            renewal.task.run();
            assertThat(redis.exists(LOCK)).as("a lock that was free is taken").isFalse();

            redis.set(LOCK, "somebody else", SetParams.setParams().px(60_000));
            renewal.task.run();
            assertThat(redis.get(LOCK)).isEqualTo("somebody else");
            assertThat(redis.pttl(LOCK))
                    .as("what is left of the other's lease, in ms")
                    .isGreaterThan(10_000);
        });

        assertThat(sale.buy(ONE)).isEqualTo(Outcome.SOLD);

        assertThat(connections.allHappened()).isTrue();
        renewal.task.run();
        assertThat(redis.get(LOCK)).isEqualTo("somebody else");
        assertThat(redis.pttl(LOCK))
                .as("what is left of the other's lease, in ms")
                .isGreaterThan(10_000);
    }

    @Test
    @Order(6)
    @DisplayName("without a look at who won, which is step 3, the first proof fails")
    void theLockIsNeeded() {
        assertProofFailsFor(SetnxLesson.PROCEEDS_WITHOUT_LOCK, SetnxLesson.RENEWED_LEASE_HOLDS, OVERSOLD);
    }

    @Test
    @Order(7)
    @DisplayName("without the lease, which is step 1, the second proof fails")
    void theLeaseIsNeeded() {
        assertProofFailsFor(SetnxLesson.SETNX_WITHOUT_EXPIRY, SetnxLesson.RENEWED_LEASE_SURVIVES_A_CRASH, STUCK);
    }
}
