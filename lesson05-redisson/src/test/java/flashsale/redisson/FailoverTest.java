package flashsale.redisson;

import static flashsale.redisson.Ask.get;
import static flashsale.redisson.Ask.has;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.explore.Step;
import flashsale.redis.EmbeddedRedis;
import flashsale.redis.RedisServer;
import flashsale.redis.RedissonConnection;
import flashsale.sale.Answer;
import flashsale.sale.Audit;
import flashsale.sale.Finding;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleContext;
import flashsale.sale.SaleRecord;
import flashsale.sale.Verdict;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisson.api.RFencedLock;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.command.NoSyncedSlavesException;
import org.redisson.config.Config;
import org.redisson.config.ReadMode;
import org.redisson.config.ReplicatedServersConfig;

/**
 * Lesson 3's failover, with locks of Redisson's. Alice "pauses" in the middle of her purchase by letting the failover,
 * and Bob's purchase, happen on her own thread just before she writes. Her client finds the new master by itself. The
 * servers are the same for all tests, and made like new before each.
 */
@DisplayName("Failover · a master dies, and its replica never heard of Redisson's lock")
class FailoverTest {

    private static final Purchase ALICES = new Purchase("Alice", 1, "Alice-1");
    private static final Purchase BOBS = new Purchase("Bob", 1, "Bob-1");
    private static final String STOCK = "sale:{concert}:stock";
    private static final String LOCK = "sale:{concert}:lock";
    private static final String COUNTER = "redisson_lock_token:sale:{concert}:lock";
    private static final String BEFORE_THE_FENCED_WRITE = "-- fenced write";

    /** How long a client waits for confirmations where none will come, or where it does not matter when they come. */
    private static final int SYNC_MILLIS = 20;

    private static Replicated servers;

    private EmbeddedRedis replica;

    @BeforeAll
    static void start() throws IOException {
        servers = new Replicated();
    }

    @BeforeEach
    void makeLikeNew() {
        servers.makeLikeNew();
        replica = servers.replica(0);
    }

    @AfterAll
    static void close() throws IOException {
        servers.close();
    }

    /** Reads go to the master: what Redisson does otherwise, a test of its own shows. */
    private RedissonClient client() {
        return client(config -> {});
    }

    private RedissonClient client(Consumer<Config> settings) {
        return servers.client(
                config -> settings.accept(config.setSlavesSyncTimeout(SYNC_MILLIS)),
                all -> all.setReadMode(ReadMode.MASTER));
    }

    /** Granted with at least one confirmation: if it does not come in time, the lock is given back, and asked for again. */
    private static void lockConfirmed(RLock lock) {
        Await.until("a replica has confirmed the lock", () -> {
            try {
                lock.lock();
                return true;
            } catch (RedisException thrown) {
                assertThat(thrown).hasRootCauseInstanceOf(NoSyncedSlavesException.class);
                return false;
            }
        });
    }

    private static FlashSale sale(Step step, RedissonClient client) {
        return step.factory().apply(SaleContext.of(null, "concert").with(RedissonClient.class, () -> client));
    }

    private static Outcome bobBuysFrom(RedisServer server, Step step) {
        try (RedissonConnection bobs = RedissonConnection.to(server)) {
            return sale(step, bobs.client()).buy(BOBS);
        }
    }

    private static Answer aliceBuys(FlashSale sale) {
        try {
            return new Answer.Told(sale.buy(ALICES));
        } catch (IllegalMonitorStateException thrown) {
            return new Answer.Threw(thrown.getMessage());
        }
    }

    private static List<Verdict> audit(FlashSale sale, Answer alice, Outcome bob) {
        return Audit.of(new SaleRecord(
                        1,
                        OptionalInt.empty(),
                        List.of(new SaleRecord.Wish(ALICES, alice), new SaleRecord.Wish(BOBS, new Answer.Told(bob))),
                        sale.books(),
                        Optional.empty(),
                        Set.of(),
                        STOCK))
                .stream()
                .map(Finding::verdict)
                .toList();
    }

    static Stream<Step> unfenced() {
        return Stream.of(RedissonLesson.FIXED_LEASE_LOCK, RedissonLesson.WATCHDOG_LOCK);
    }

    @Order(1)
    @ParameterizedTest(name = "{0}")
    @MethodSource("unfenced")
    @DisplayName("the lock is granted on the master, and once more on the promoted replica: the sale oversells")
    void theLockIsGrantedTwice(Step step) {
        RedissonClient alices = client();
        HookedRedisson hooked = new HookedRedisson(alices);
        FlashSale sale = sale(step, hooked.client());
        sale.open(1);
        servers.replicated(replica, STOCK, "1");
        bothAreCutOff();
        Outcome[] bob = {null};
        hooked.before("a batch", () -> {
            assertThat(has(servers.master, LOCK)).isTrue();
            servers.failOverTo(replica, alices);
            assertThat(has(replica, LOCK))
                    .as("the lock on the promoted replica")
                    .isFalse();
            bob[0] = bobBuysFrom(replica, step);
        });

        Answer alice = aliceBuys(sale);

        assertThat(bob[0]).isEqualTo(Outcome.SOLD);
        assertThat(alice).isInstanceOf(Answer.Threw.class); // she wrote, and then could not unlock
        assertThat(audit(sale, alice, bob[0]))
                .containsExactlyInAnyOrder(Verdict.OVERSOLD, Verdict.PHANTOM_ORDER, Verdict.FAILED);
    }

    @Test
    @Order(2)
    @DisplayName("the fence does not help where its counter was lost, too: both have token 1, and the sale oversells")
    void theCounterIsLostToo() {
        RedissonClient alices = client();
        HookedRedisson hooked = new HookedRedisson(alices);
        FlashSale sale = sale(RedissonLesson.FENCED_LOCK, hooked.client());
        sale.open(1);
        servers.replicated(replica, STOCK, "1");
        bothAreCutOff();
        Outcome[] bob = {null};
        hooked.before(BEFORE_THE_FENCED_WRITE, () -> {
            assertThat(get(servers.master, COUNTER)).isEqualTo("1");
            servers.failOverTo(replica, alices);
            assertThat(get(replica, COUNTER))
                    .as("the counter on the promoted replica")
                    .isNull();
            bob[0] = bobBuysFrom(replica, RedissonLesson.FENCED_LOCK);
            assertThat(get(replica, COUNTER)).as("the token that Bob was given").isEqualTo("1");
        });

        Answer alice = aliceBuys(sale);

        assertThat(List.of(alice, bob[0])).containsExactly(new Answer.Told(Outcome.SOLD), Outcome.SOLD);
        assertThat(audit(sale, alice, bob[0])).containsExactly(Verdict.OVERSOLD);
    }

    @Test
    @Order(3)
    @DisplayName("where the counter came over, the fence keeps its protection, even if the lock is lost")
    void theCounterCameOver() {
        RedissonClient alices = client(config -> config.setCheckLockSyncedSlaves(false)); // the test itself looks
        HookedRedisson hooked = new HookedRedisson(alices);
        FlashSale sale = sale(RedissonLesson.FENCED_LOCK, hooked.client());
        sale.open(1);
        Outcome[] bob = {null};
        hooked.before(BEFORE_THE_FENCED_WRITE, () -> {
            servers.replicated(replica, COUNTER, "1");
            servers.failOverTo(replica, alices);
            Ask.delete(replica, LOCK); // the lease ends while Alice pauses
            bob[0] = bobBuysFrom(replica, RedissonLesson.FENCED_LOCK);
        });

        Answer alice = aliceBuys(sale);

        assertThat(bob[0]).isEqualTo(Outcome.SOLD);
        assertThat(alice).isEqualTo(new Answer.Told(Outcome.SOLD_OUT));
        assertThat(audit(sale, alice, bob[0])).isEmpty();
    }

    @Test
    @Order(4)
    @DisplayName(
            "lock() waits for the replicas: when it returns, the promoted one has the lock, and nobody else gets it")
    void whatWasConfirmedIsThere() {
        int asLongAsItTakes = (int) Await.LIMIT.toMillis();
        client(config -> config.setSlavesSyncTimeout(asLongAsItTakes))
                .getLock(LOCK)
                .lock(); // both replicas have confirmed it

        assertThat(servers.calls("wait")).isPositive();

        servers.failOverTo(replica);

        try (RedissonConnection bobs = RedissonConnection.to(replica)) {
            assertThat(bobs.client().getLock(LOCK).tryLock()).isFalse();
        }
    }

    @Test
    @Order(5)
    @DisplayName(
            "checkLockSyncedSlaves: replicas are connected and lag behind, so lock() tries again, throws, and has given the lock back")
    void theCheckSaysNo() throws IOException {
        RLock lock = client().getLock(LOCK);
        bothLagBehind();

        assertThatThrownBy(lock::lock).hasRootCauseInstanceOf(NoSyncedSlavesException.class);

        assertThat(servers.calls("pexpire")).as("grants").isEqualTo(1 + Replicated.RETRIES);
        assertThat(has(servers.master, LOCK)).isFalse();
    }

    @Test
    @Order(6)
    @DisplayName("it checks only those that the master still counts: where all are cut off, the lock is granted")
    void nobodyLeftToCheck() {
        RLock lock = client().getLock(LOCK);
        lockConfirmed(lock); // two replicas are there, and the client knows
        lock.unlock();
        bothAreCutOff();

        lock.lock(); // nobody confirms; Redisson asks the master again, and it has no replicas any more

        assertThat(has(servers.master, LOCK)).isTrue();
        lock.unlock();
    }

    @Test
    @Order(7)
    @DisplayName("checkLockSyncedSlaves = false: it waits for the replicas all the same, and goes on without them")
    void withoutTheCheck() throws IOException {
        RLock lock = client(config -> config.setCheckLockSyncedSlaves(false)).getLock(LOCK);
        lock.lock();
        lock.unlock();
        bothLagBehind();
        int before = servers.calls("wait");

        lock.lock();

        assertThat(has(servers.master, LOCK)).isTrue();
        assertThat(servers.calls("wait")).isGreaterThan(before);
    }

    @Test
    @Order(8)
    @DisplayName(
            "an RFencedLock whose grant nobody confirmed throws as well, but leaves its lock behind until the lease ends")
    void theFencedLockIsLeftBehind() throws IOException {
        RFencedLock lock = client().getFencedLock(LOCK);
        bothLagBehind();

        assertThatThrownBy(() -> lock.tryLockAndGetToken(1, 10, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(NoSyncedSlavesException.class);

        assertThat(has(servers.master, LOCK)).isTrue();
        assertThat(servers.hasAnEnd(LOCK)).isTrue();
    }

    private void bothLagBehind() throws IOException {
        servers.keepBusy(servers.replica(1));
        servers.keepBusy(replica);
    }

    private void bothAreCutOff() {
        servers.holdReplicationBack(servers.replica(1));
        servers.holdReplicationBack(replica);
    }

    @Test
    @Order(9)
    @DisplayName("one confirmation is enough for it: another replica is promoted, and the lock is granted again")
    void anotherReplicaIsPromoted() {
        EmbeddedRedis behind = servers.replica(1);
        RLock lock = client().getLock(LOCK);
        lockConfirmed(lock);
        lock.unlock();
        servers.holdReplicationBack(behind);

        lockConfirmed(lock); // by one of the two that the client counts
        servers.failOverTo(behind);

        try (RedissonConnection bobs = RedissonConnection.to(behind)) {
            assertThat(bobs.client().getLock(LOCK).tryLock()).isTrue();
        }
    }

    @Test
    @Order(10)
    @DisplayName("a client of one server asks no replica, however many there are and lag behind: no WAIT is sent")
    void oneServerAsksNobody() throws IOException {
        bothLagBehind();
        assertThat(servers.connectedReplicas()).isEqualTo(2);
        try (RedissonConnection alices = RedissonConnection.to(servers.master)) {
            alices.client().getLock(LOCK).lock();

            assertThat(has(servers.master, LOCK)).isTrue();
            assertThat(servers.calls("wait")).isZero();
        }
    }

    @Test
    @Order(11)
    @DisplayName(
            "no failover at all: by default Redisson reads from replicas, the stock is stale, and the sale oversells")
    void readsFromAReplica() {
        assertThat(sellTwice(RedissonLesson.WATCHDOG_LOCK, all -> {})).containsExactly(Outcome.SOLD, Outcome.SOLD);
        assertThat(get(servers.master, STOCK)).isEqualTo("-1");
    }

    @Test
    @Order(12)
    @DisplayName("read from the master it sells once, and so does a script, which goes to the master by itself")
    void readsFromTheMaster() {
        assertThat(sellTwice(RedissonLesson.WATCHDOG_LOCK, all -> all.setReadMode(ReadMode.MASTER)))
                .containsExactly(Outcome.SOLD, Outcome.SOLD_OUT);

        servers.makeLikeNew();

        assertThat(sellTwice(RedissonLesson.SCRIPTED_PURCHASE, all -> {}))
                .containsExactly(Outcome.SOLD, Outcome.SOLD_OUT);
    }

    @Test
    @Order(13)
    @DisplayName("what Redisson 4.7 comes with: a check, a second's patience with replicas, and reads from them")
    void defaults() {
        assertThat(new Config().isCheckLockSyncedSlaves()).isTrue();
        assertThat(new Config().getSlavesSyncTimeout()).isEqualTo(1000);
        assertThat(new Config().useReplicatedServers().getReadMode()).isEqualTo(ReadMode.SLAVE);
    }

    /** One ticket, which both replicas know of; then they are cut off, and Alice and Bob come one after the other. */
    private List<Outcome> sellTwice(Step step, Consumer<ReplicatedServersConfig> reading) {
        FlashSale sale = sale(step, servers.client(config -> config.setSlavesSyncTimeout(SYNC_MILLIS), reading));
        sale.open(1);
        servers.replicated(replica, STOCK, "1");
        servers.replicated(servers.replica(1), STOCK, "1");
        bothAreCutOff();

        return List.of(sale.buy(ALICES), sale.buy(BOBS));
    }
}
