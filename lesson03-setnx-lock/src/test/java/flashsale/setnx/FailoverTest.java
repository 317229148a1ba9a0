package flashsale.setnx;

import static org.assertj.core.api.Assertions.assertThat;

import flashsale.explore.Step;
import flashsale.redis.EmbeddedRedis;
import flashsale.redis.RedisServer;
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
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.params.SetParams;

/**
 * Real servers, a master and its replicas. Replication is held back by pointing a replica at a port where nobody answers:
 * from then on it has what it had before, and nothing that comes later. Alice "pauses" in the middle of her purchase by
 * letting the failover, and Bob's purchase, happen on her own thread just before her next command. So nothing here
 * depends on time: what is waited for is a fact that a server reports, with a deadline.
 */
@DisplayName("Failover · a master dies, and its replica never heard of the lock")
class FailoverTest {

    private static final Purchase ALICES = new Purchase("Alice", 1, "Alice-1");
    private static final Purchase BOBS = new Purchase("Bob", 1, "Bob-1");
    private static final String STOCK = "sale:{concert}:stock";
    private static final String LOCK = "sale:{concert}:lock";
    private static final String TOKENS = "sale:{concert}:tokens";
    private static final String THE_FENCED_WRITE = "EVAL -- fenced write";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private ServerSocket nobody;
    private EmbeddedRedis master;
    private EmbeddedRedis replica;
    private HookedConnections alices;

    @BeforeEach
    void start() throws IOException {
        nobody = closing(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        master = closing(EmbeddedRedis.start("--repl-diskless-sync-delay", "0"));
        replica = replicaOfTheMaster();
        alices = closing(new HookedConnections(master));
    }

    @AfterEach
    void close() throws Exception {
        Exception first = null;
        for (int last = toClose.size() - 1; last >= 0; last--) {
            try {
                toClose.get(last).close();
            } catch (Exception failed) {
                first = first == null ? failed : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private <T extends AutoCloseable> T closing(T resource) {
        toClose.add(resource);
        return resource;
    }

    private EmbeddedRedis replicaOfTheMaster() {
        EmbeddedRedis started = closing(EmbeddedRedis.start(
                "--replicaof",
                master.address().getHost(),
                String.valueOf(master.address().getPort())));
        await("the replica is connected", () -> info(started).contains("master_link_status:up"));
        return started;
    }

    private static String info(RedisServer server) {
        try (RedisClient client = server.connect()) {
            return client.info("replication");
        }
    }

    private static String get(RedisServer server, String key) {
        try (RedisClient client = server.connect()) {
            return client.get(key);
        }
    }

    /** Looks again and again, until it is so or the time is up. */
    private static void await(String what, BooleanSupplier fact) {
        Instant deadline = Instant.now().plus(LIMIT);
        while (!fact.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(deadline);
            Thread.onSpinWait();
        }
    }

    /** From now on the replica gets nothing more, and the master knows. */
    private void holdReplicationBack(EmbeddedRedis from) {
        int before = connectedReplicas();
        try (Jedis one = new Jedis(from.address(), from.clientConfig())) {
            one.replicaof("127.0.0.1", nobody.getLocalPort());
        }
        await("the master has lost a replica", () -> connectedReplicas() == before - 1);
    }

    private int connectedReplicas() {
        return info(master)
                .lines()
                .filter(line -> line.startsWith("connected_slaves:"))
                .mapToInt(line -> Integer.parseInt(line.substring("connected_slaves:".length())))
                .sum();
    }

    private void replicated(EmbeddedRedis to, String key, String value) {
        await(key + " has come to the replica", () -> value.equals(get(to, key)));
    }

    /** The master is killed with kill -9, and this replica takes its place. */
    private void failOverTo(EmbeddedRedis promoted) {
        master.close();
        try (Jedis one = new Jedis(promoted.address(), promoted.clientConfig())) {
            one.replicaofNoOne();
        }
        await("the replica is the master now", () -> info(promoted).contains("role:master"));
        alices.moveTo(promoted);
    }

    /** One ticket, sold by the application server that Alice uses. */
    private FlashSale alicesSale(Step step) {
        FlashSale sale = step.factory().apply(SaleContext.of(closing(alices.client()), "concert"));
        sale.open(1);
        return sale;
    }

    private Outcome aliceBuysFrom(FlashSale sale) {
        Outcome told = sale.buy(ALICES);
        assertThat(alices.allHappened())
                .as("the master died in the middle of Alice's purchase")
                .isTrue();
        return told;
    }

    private Outcome bobBuysFrom(EmbeddedRedis server, Step step) {
        try (RedisClient bobs = server.connect()) {
            return step.factory().apply(SaleContext.of(bobs, "concert")).buy(BOBS);
        }
    }

    private static List<Verdict> audit(FlashSale sale, Outcome alice, Outcome bob) {
        return Audit.of(new SaleRecord(
                        1,
                        OptionalInt.empty(),
                        List.of(
                                new SaleRecord.Wish(ALICES, new Answer.Told(alice)),
                                new SaleRecord.Wish(BOBS, new Answer.Told(bob))),
                        sale.books(),
                        Optional.empty(),
                        Set.of(),
                        STOCK))
                .stream()
                .map(Finding::verdict)
                .toList();
    }

    @Test
    @Order(1)
    @DisplayName("the lock is granted on the master, and once more on the promoted replica: the sale oversells")
    void theLockIsGrantedTwice() {
        FlashSale sale = alicesSale(SetnxLesson.COMPARE_AND_DELETE);
        replicated(replica, STOCK, "1");
        holdReplicationBack(replica);
        Outcome[] bob = {null};
        alices.before("MULTI", () -> {
            assertThat(get(master, LOCK)).isNotNull();
            failOverTo(replica);
            assertThat(get(replica, LOCK))
                    .as("the lock on the promoted replica")
                    .isNull();
            bob[0] = bobBuysFrom(replica, SetnxLesson.COMPARE_AND_DELETE);
        });

        Outcome alice = aliceBuysFrom(sale);

        assertThat(List.of(alice, bob[0])).as("what Alice and Bob were told").containsOnly(Outcome.SOLD);
        assertThat(audit(sale, alice, bob[0])).containsExactly(Verdict.OVERSOLD);
    }

    @Test
    @Order(2)
    @DisplayName("the fence does not help where its counter was lost, too: both have token 1, and the sale oversells")
    void theCounterIsLostToo() {
        FlashSale sale = alicesSale(SetnxLesson.FENCED_PURCHASE);
        replicated(replica, STOCK, "1");
        holdReplicationBack(replica);
        Outcome[] bob = {null};
        alices.before(THE_FENCED_WRITE, () -> {
            assertThat(get(master, TOKENS)).isEqualTo("1");
            failOverTo(replica);
            assertThat(get(replica, TOKENS))
                    .as("the counter on the promoted replica")
                    .isNull();
            bob[0] = bobBuysFrom(replica, SetnxLesson.FENCED_PURCHASE);
            assertThat(get(replica, TOKENS)).as("the token that Bob was given").isEqualTo("1");
        });

        Outcome alice = aliceBuysFrom(sale);

        assertThat(List.of(alice, bob[0])).as("what Alice and Bob were told").containsOnly(Outcome.SOLD);
        assertThat(audit(sale, alice, bob[0])).containsExactly(Verdict.OVERSOLD);
    }

    @Test
    @Order(3)
    @DisplayName("where the counter came over, the fence keeps its protection, even if the lock is lost")
    void theCounterCameOver() {
        FlashSale sale = alicesSale(SetnxLesson.FENCED_PURCHASE);
        Outcome[] bob = {null};
        alices.before(THE_FENCED_WRITE, () -> {
            replicated(replica, TOKENS, "1");
            failOverTo(replica);
            try (RedisClient operator = replica.connect()) {
                operator.del(LOCK); // the lease ends while Alice pauses
            }
            bob[0] = bobBuysFrom(replica, SetnxLesson.FENCED_PURCHASE);
        });

        Outcome alice = aliceBuysFrom(sale);

        assertThat(List.of(alice, bob[0]))
                .as("what Alice and Bob were told")
                .containsExactly(Outcome.SOLD_OUT, Outcome.SOLD);
        assertThat(audit(sale, alice, bob[0])).isEmpty();
    }

    @Test
    @Order(4)
    @DisplayName("what WAIT changes: the holder learns that no replica has its lock, and can stop before it does harm")
    void waitTellsTheHolder() {
        holdReplicationBack(replica);
        try (Jedis alice = new Jedis(master.address(), master.clientConfig())) {
            assertThat(grant(alice)).as("the lock is granted to Alice").isTrue();
            assertThat(alice.waitReplicas(1, 100))
                    .as("replicas that have the lock")
                    .isZero();
        }
    }

    @Test
    @Order(5)
    @DisplayName("what WAIT changes: where a replica has confirmed the lock and is promoted, nobody else gets it")
    void whatWasConfirmedIsThere() {
        try (Jedis alice = new Jedis(master.address(), master.clientConfig())) {
            assertThat(grant(alice)).as("the lock is granted to Alice").isTrue();
            assertThat(alice.waitReplicas(1, LIMIT.toMillis()))
                    .as("replicas that have the lock")
                    .isOne();
        }
        failOverTo(replica);

        try (Jedis bob = new Jedis(replica.address(), replica.clientConfig())) {
            assertThat(grant(bob)).as("the lock is granted to Bob, too").isFalse();
        }
    }

    @Test
    @Order(6)
    @DisplayName(
            "what WAIT does not change: one replica has confirmed, another is promoted, and the lock is granted again")
    void anotherReplicaIsPromoted() {
        EmbeddedRedis behind = replicaOfTheMaster();
        holdReplicationBack(behind);
        try (Jedis alice = new Jedis(master.address(), master.clientConfig())) {
            assertThat(grant(alice)).as("the lock is granted to Alice").isTrue();
            assertThat(alice.waitReplicas(1, LIMIT.toMillis()))
                    .as("replicas that have the lock")
                    .isOne();
        }
        failOverTo(behind);

        try (Jedis bob = new Jedis(behind.address(), behind.clientConfig())) {
            assertThat(grant(bob)).as("the lock is granted to Bob, too").isTrue();
        }
    }

    /** The lease is so long that no slow machine sees its end. */
    private static boolean grant(Jedis buyer) {
        return buyer.set(
                        LOCK, "a value of one's own", SetParams.setParams().nx().px(600_000))
                != null;
    }
}
