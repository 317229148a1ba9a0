package flashsale.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flashsale.redis.EmbeddedCluster;
import flashsale.redis.EmbeddedRedis;
import flashsale.redis.RedisServers;
import flashsale.sale.Answer;
import flashsale.sale.Audit;
import flashsale.sale.Finding;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import flashsale.sale.SaleRecord;
import flashsale.sale.SaleRecord.Wish;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.StaticCommandFlagsRegistry;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.executors.ClusterCommandExecutor;
import redis.clients.jedis.providers.ClusterConnectionProvider;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * A reply that is lost between the server and the client. {@link ReplyCutter} loses it, after the script has run; nothing
 * here waits for a moment, or hopes for one.
 */
@DisplayName("Clients retry by themselves · one call, and the script runs more than once")
@Timeout(60)
class ClientsRetryTest {

    private static final int SHARDS = 4;
    private static final int TICKETS = 40; // ten in each shard
    private static final int MILLIS = 10_000;
    private static final Purchase WISH = new Purchase("Alice", 1, "Alice-1");

    private EmbeddedCluster cluster;
    private ReplyCutter cutter;
    private RedisClusterClient operator;

    @BeforeEach
    void open() throws IOException {
        Optional<EmbeddedCluster> started = RedisServers.cluster();
        assumeTrue(started.isPresent(), "there is no redis-server for this platform");
        cluster = started.get();
        cutter = new ReplyCutter(cluster.addresses());
        operator = cluster.connect();
        sale(operator).open(TICKETS);
    }

    @AfterEach
    void close() throws Exception {
        if (operator != null) {
            operator.close();
        }
        if (cutter != null) {
            cutter.close();
        }
    }

    private static FlashSale sale(UnifiedJedis redis) {
        return new ShardedStock(redis, "concert", SHARDS, OptionalInt.empty());
    }

    private static JedisClientConfig through(UnaryOperator<HostAndPort> doors) {
        return DefaultJedisClientConfig.builder()
                .timeoutMillis(MILLIS)
                .hostAndPortMapper(doors::apply)
                .build();
    }

    /** Jedis's client for clusters, with nothing changed but the way to the servers. */
    private RedisClusterClient asItComes() {
        return RedisClusterClient.builder()
                .nodes(cluster.addresses())
                .clientConfig(through(cutter::doorOf))
                .build();
    }

    private RedisClusterClient withOneAttempt(UnaryOperator<HostAndPort> doors) {
        return RedisClusterClient.builder()
                .nodes(cluster.addresses())
                .clientConfig(through(doors))
                .maxAttempts(1)
                .build();
    }

    private List<String> findings(Answer answer) {
        SaleKeys keys = new SaleKeys("concert");
        SaleRecord record = new SaleRecord(
                TICKETS,
                OptionalInt.empty(),
                List.of(new Wish(WISH, answer)),
                sale(operator).books(),
                Optional.empty(),
                Set.of(),
                keys.stock());
        return Audit.of(record).stream().map(Finding::toString).toList();
    }

    @Test
    @Order(1)
    @DisplayName("one call, one lost reply: the buyer is told SOLD once, and holds two")
    void aLostReplySellsTwice() {
        try (RedisClusterClient redis = asItComes()) {
            cutter.cut(1);

            Outcome outcome = sale(redis).buy(WISH);

            assertThat(outcome).isEqualTo(Outcome.SOLD);
            assertThat(cutter.scriptsRun()).as("how often the script was run").isEqualTo(2);
            assertThat(findings(new Answer.Told(outcome)))
                    .containsExactly("PHANTOM_ORDER: the books hold 2 for Alice, who was told 1");
        }
    }

    @Test
    @Order(2)
    @DisplayName("without a lost reply the same call runs the script once, and nothing is wrong")
    void nothingIsLost() {
        try (RedisClusterClient redis = asItComes()) {
            Outcome outcome = sale(redis).buy(WISH);

            assertThat(cutter.scriptsRun()).isOne();
            assertThat(findings(new Answer.Told(outcome))).isEmpty();
        }
    }

    @Test
    @Order(3)
    @DisplayName("five lost replies: one call, which fails, has sold five tickets")
    void upToFiveAttempts() {
        // Jedis's own executor, as the client makes it, only without its pauses of random length between attempts.
        ClusterConnectionProvider connections =
                new ClusterConnectionProvider(cluster.addresses(), through(cutter::doorOf), new ConnectionPoolConfig());
        ClusterCommandExecutor executor =
                new ClusterCommandExecutor(
                        connections,
                        RedisClusterClient.DEFAULT_MAX_ATTEMPTS,
                        Duration.ofMillis(MILLIS * 5L),
                        StaticCommandFlagsRegistry.registry()) {
                    @Override
                    protected void sleep(long millis) {}
                };
        try (RedisClusterClient redis = RedisClusterClient.builder()
                .nodes(cluster.addresses())
                .connectionProvider(connections)
                .commandExecutor(executor)
                .build()) {
            cutter.cut(Integer.MAX_VALUE);

            assertThatThrownBy(() -> sale(redis).buy(WISH)).isInstanceOf(JedisClusterOperationException.class);

            assertThat(cutter.scriptsRun()).as("how often the script was run").isEqualTo(5);
            assertThat(sale(operator).books().orders()).containsEntry("Alice", 5);
            assertThat(findings(new Answer.Unknown("the reply was lost")))
                    .containsExactly("PHANTOM_ORDER: the books hold 5 for Alice, who was told 0");
        }
    }

    @Test
    @Order(4)
    @DisplayName("maxAttempts(1) turns it off: the call fails, and has sold one ticket or none")
    void oneAttempt() {
        try (RedisClusterClient redis = withOneAttempt(cutter::doorOf)) {
            cutter.cut(1);

            assertThatThrownBy(() -> sale(redis).buy(WISH)).isInstanceOf(JedisClusterOperationException.class);

            assertThat(cutter.scriptsRun()).as("how often the script was run").isOne();
            assertThat(findings(new Answer.Unknown("the reply was lost"))).isEmpty();
        }
    }

    @Test
    @Order(5)
    @DisplayName("what that costs: with one attempt the client does not follow a slot that has moved, either")
    void oneAttemptFollowsNoRedirection() {
        SaleKeys home = new SaleKeys("concert").shard(Math.floorMod(WISH.buyer().hashCode(), SHARDS));
        HostAndPort master;
        try (var connection = operator.getConnectionFromSlot(JedisClusterCRC16.getSlot(home.stock()))) {
            master = connection.getHostAndPort();
        }
        HostAndPort another = cluster.addresses().stream()
                .filter(address -> !address.equals(master))
                .findFirst()
                .orElseThrow();
        // Who asks for the master of the buyer's shard comes to another one, which answers MOVED.
        UnaryOperator<HostAndPort> stale = node -> cutter.doorOf(node.equals(master) ? another : node);
        try (RedisClusterClient redis = withOneAttempt(stale)) {
            assertThatThrownBy(() -> sale(redis).buy(WISH)).isInstanceOf(JedisClusterOperationException.class);

            assertThat(cutter.scriptsRun())
                    .as("answers, of which one was MOVED")
                    .isOne();
            assertThat(sale(operator).books().sold()).isZero();
        }
    }

    @Test
    @Order(6)
    @DisplayName("Jedis's client for one server does not repeat a call")
    void oneServer() throws Exception {
        try (EmbeddedRedis server = EmbeddedRedis.start();
                ReplyCutter onTheWay = new ReplyCutter(Set.of(server.address()));
                RedisClient direct = server.connect();
                RedisClient redis = RedisClient.builder()
                        .hostAndPort(onTheWay.doorOf(server.address()))
                        .clientConfig(server.clientConfig())
                        .build()) {
            sale(direct).open(TICKETS);
            onTheWay.cut(1);

            assertThatThrownBy(() -> sale(redis).buy(WISH)).isInstanceOf(JedisConnectionException.class);

            assertThat(onTheWay.scriptsRun()).isOne();
            assertThat(sale(direct).books().sold()).isOne();
        }
    }
}
