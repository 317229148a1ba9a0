package flashsale.lua;

import static org.assertj.core.api.Assertions.assertThat;

import flashsale.redis.EmbeddedRedis;
import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;

/** Real servers, a master and a replica. What is waited for is a fact that a server reports, with a deadline. */
@DisplayName("Failover · what comes over to the replica: data and functions, but no scripts")
class FailoverTest {

    private static final Purchase ALICES = new Purchase("Alice", 1, "Alice-1");
    private static final Purchase BOBS = new Purchase("Bob", 1, "Bob-1");
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private EmbeddedRedis master;
    private EmbeddedRedis replica;
    private RedisClient before;
    private RedisClient after;

    @BeforeEach
    void start() {
        master = closing(EmbeddedRedis.start("--repl-diskless-sync-delay", "0"));
        before = closing(master.connect());
        replica = closing(EmbeddedRedis.start(
                "--replicaof",
                master.address().getHost(),
                String.valueOf(master.address().getPort())));
        after = closing(replica.connect());
        Instant deadline = Instant.now().plus(LIMIT);
        while (!after.info("replication").contains("master_link_status:up")) {
            assertThat(Instant.now()).as("the replica is connected").isBefore(deadline);
            Thread.onSpinWait();
        }
    }

    private <T extends AutoCloseable> T closing(T resource) {
        toClose.add(resource);
        return resource;
    }

    @AfterEach
    void stop() throws Exception {
        for (int last = toClose.size() - 1; last >= 0; last--) {
            toClose.get(last).close();
        }
    }

    /** What was written comes over, the master dies, and the replica takes its place. */
    private void failOver() {
        everythingComesOver();
        master.close();
        promote();
    }

    private void everythingComesOver() {
        try (Jedis client = new Jedis(master.address(), master.clientConfig())) {
            client.set("a last write", ""); // WAIT looks at what its own connection has written
            assertThat(client.waitReplicas(1, LIMIT.toMillis()))
                    .as("replicas that have everything")
                    .isOne();
        }
    }

    private void promote() {
        try (Jedis operator = new Jedis(replica.address(), replica.clientConfig())) {
            operator.replicaofNoOne();
        }
    }

    @Test
    @Order(1)
    @DisplayName("the promoted replica has no scripts: the first purchase brings it, and the others find it")
    void scriptsStayBehind() {
        new AtomicPurchase(before, "concert", OptionalInt.empty()).open(3);
        assertThat(before.scriptExists(List.of(AtomicPurchase.SCRIPT.sha()))).containsExactly(true);
        failOver();
        assertThat(after.scriptExists(List.of(AtomicPurchase.SCRIPT.sha()))).containsExactly(false);

        FlashSale sale = new AtomicPurchase(after, "concert", OptionalInt.empty());

        assertThat(sale.buy(ALICES)).isEqualTo(Outcome.SOLD);
        assertThat(after.scriptExists(List.of(AtomicPurchase.SCRIPT.sha()))).containsExactly(true);
        assertThat(sale.buy(BOBS)).isEqualTo(Outcome.SOLD);
        assertThat(sale.books()).isEqualTo(Books.of("1", Map.of("Alice", "1", "Bob", "1")));
    }

    @Test
    @Order(2)
    @DisplayName("functions come over with the data")
    void functionsComeOver() {
        new PurchaseFunction(before, "concert", OptionalInt.empty()).open(3);
        failOver();

        assertThat(new PurchaseFunction(after, "concert", OptionalInt.empty()).buy(ALICES))
                .isEqualTo(Outcome.SOLD);
    }

    @Test
    @Order(3)
    @DisplayName("so do the ids of requests: what was bought from the master is not bought again from the replica")
    void requestIdsComeOver() {
        FlashSale old = new IdempotentPurchase(before, "concert", OptionalInt.empty());
        old.open(3);
        assertThat(old.buy(ALICES)).isEqualTo(Outcome.SOLD);
        failOver();

        FlashSale sale = new IdempotentPurchase(after, "concert", OptionalInt.empty());

        assertThat(sale.buy(ALICES)).isEqualTo(Outcome.SOLD);
        assertThat(sale.books()).isEqualTo(Books.of("2", Map.of("Alice", "1")));
    }

    @Test
    @Order(4)
    @DisplayName("what did not come over is lost, however atomic it was: the last ticket is sold twice")
    void whatDidNotComeOverIsLost() {
        FlashSale old = new IdempotentPurchase(before, "concert", OptionalInt.empty());
        old.open(1);
        everythingComesOver();
        promote(); // of what happens on the old master from here on, the new one hears nothing
        assertThat(old.buy(ALICES)).isEqualTo(Outcome.SOLD);

        FlashSale sale = new IdempotentPurchase(after, "concert", OptionalInt.empty());

        assertThat(sale.buy(BOBS)).isEqualTo(Outcome.SOLD);
        assertThat(sale.books().orders()).doesNotContainKey("Alice");
    }
}
