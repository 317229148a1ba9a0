package flashsale.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flashsale.crowd.Crowd;
import flashsale.crowd.CrowdResult;
import flashsale.redis.EmbeddedCluster;
import flashsale.redis.RedisServers;
import flashsale.sale.Finding;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleContext;
import flashsale.sale.SaleKeys;
import flashsale.sale.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.util.JedisClusterCRC16;

/** The same class, with Jedis's own client for clusters. What every interleaving does was proved on one server. */
@DisplayName("Step 7 · ShardedStock on a cluster of three masters")
@Timeout(60)
class ShardsOnAClusterTest {

    private static final int SHARDS = 4;
    private static final int TICKETS = 100;

    /**
     * A third of the buyers wants one ticket each, a third two, a third three. Those who want one are more than there are
     * tickets, so at the end no shard has any: nobody can have been refused what remains, whatever the threads do.
     */
    private static final Crowd CROWD = Crowd.buyers(500).wanting(i -> 1 + i % 3);

    private EmbeddedCluster cluster;
    private RedisClusterClient redis;

    @BeforeEach
    void connect() {
        Optional<EmbeddedCluster> started = RedisServers.cluster();
        assumeTrue(started.isPresent(), "there is no redis-server for this platform");
        cluster = started.get();
        redis = cluster.connect();
    }

    @AfterEach
    void close() {
        if (redis != null) {
            redis.close();
        }
    }

    private HostAndPort masterOf(String key) {
        try (var connection = redis.getConnectionFromSlot(JedisClusterCRC16.getSlot(key))) {
            return connection.getHostAndPort();
        }
    }

    private FlashSale sale() {
        return new ShardedStock(redis, "concert", SHARDS, OptionalInt.empty());
    }

    @Test
    @Order(1)
    @DisplayName("four shards lie on all three masters, and each shard's orders where its stock is")
    void shardsLieOnDifferentMasters() {
        SaleKeys keys = new SaleKeys("concert");
        List<HostAndPort> masters = IntStream.range(0, SHARDS)
                .mapToObj(i -> masterOf(keys.shard(i).stock()))
                .toList();

        assertThat(masters).containsAll(cluster.addresses());
        assertThat(IntStream.range(0, SHARDS).mapToObj(keys::shard))
                .allSatisfy(shard -> assertThat(JedisClusterCRC16.getSlot(shard.orders()))
                        .isEqualTo(JedisClusterCRC16.getSlot(shard.stock())));
    }

    @Test
    @Order(2)
    @DisplayName("more shards are not more masters: the first three lie on two of them")
    void theHashDealsThemOut() {
        SaleKeys keys = new SaleKeys("concert");

        assertThat(masterOf(keys.shard(1).stock()))
                .isEqualTo(masterOf(keys.shard(2).stock()));
    }

    @Test
    @Order(3)
    @DisplayName("after the opening every master has units, and a buyer who finds none goes on to another master")
    void sellsFromAllMasters() {
        FlashSale sale = sale();
        sale.open(SHARDS);
        for (int i = 1; i <= SHARDS; i++) {
            assertThat(sale.buy(new Purchase("Alice", 1, "Alice-" + i))).isEqualTo(Outcome.SOLD);
        }

        assertThat(sale.buy(new Purchase("Alice", 1, "Alice-5"))).isEqualTo(Outcome.SOLD_OUT);
        SaleKeys keys = new SaleKeys("concert");
        for (int i = 0; i < SHARDS; i++) {
            assertThat(redis.get(keys.shard(i).stock())).isEqualTo("0");
            assertThat(redis.hget(keys.shard(i).orders(), "Alice")).isEqualTo("1");
        }
    }

    @Test
    @Order(4)
    @DisplayName("a master that does not know the script gets it, while the others go on")
    void aMasterLosesItsScripts() {
        FlashSale sale = sale();
        sale.open(SHARDS);
        redis.scriptFlush(new SaleKeys("concert").shard(0).stock());

        for (int i = 1; i <= SHARDS; i++) {
            assertThat(sale.buy(new Purchase("Alice", 1, "Alice-" + i))).isEqualTo(Outcome.SOLD);
        }
        assertThat(sale.books().sold()).isEqualTo(SHARDS);
    }

    @Test
    @Order(5)
    @DisplayName("500 buyers on real threads, 100 tickets: all are sold, none of them twice")
    void aCrowd() {
        CrowdResult result = CROWD.buy(List.of(sale(), sale(), sale()), TICKETS);

        System.out.println("\n  " + result.summary());
        assertThat(result.isClean()).isTrue();
        assertThat(result.sale().books().remaining()).hasValue(0);
        assertThat(result.sale().books().sold()).isEqualTo(TICKETS);
    }

    @Test
    @Order(6)
    @DisplayName("the same crowd on one server")
    void aCrowdOnOneServer() {
        try (RedisClient one = RedisServers.shared().connect()) {
            CrowdResult result =
                    CROWD.buy(LuaLesson.shardedStock(SHARDS).factory().apply(SaleContext.of(one, "concert")), TICKETS);

            assertThat(result.isClean()).isTrue();
        }
    }

    @Test
    @Order(7)
    @DisplayName("the same crowd turns the audit red where every shard gets the whole stock")
    void theAuditCanFail() {
        FlashSale sale = ShardedStockWithout.step(ShardedStockWithout.Without.DEALING_OUT)
                .factory()
                .apply(SaleContext.of(redis, "concert"));
        CrowdResult result = CROWD.buy(sale, TICKETS);

        assertThat(result.findings()).extracting(Finding::verdict).contains(Verdict.OVERSOLD);
    }
}
