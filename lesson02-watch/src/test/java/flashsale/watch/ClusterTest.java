package flashsale.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flashsale.crowd.Crowd;
import flashsale.crowd.CrowdResult;
import flashsale.redis.EmbeddedCluster;
import flashsale.redis.RedisServers;
import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import flashsale.sale.Sleeper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.JedisClusterCRC16;

@DisplayName("The cluster · three masters")
@Timeout(60)
class ClusterTest {

    /** These lie on all three masters. */
    private static final List<String> ITEMS = List.of("concert", "opera", "circus", "ballet", "match", "fair");

    private EmbeddedCluster cluster;

    @BeforeEach
    void startOnce() {
        Optional<EmbeddedCluster> started = RedisServers.cluster();
        assumeTrue(started.isPresent(), "there is no redis-server for this platform");
        cluster = started.get();
    }

    /** Sells two tickets to Alice, one at a time, and asks once more; on whichever master the item lies. */
    private void sellEverywhere(
            BiFunction<UnifiedJedis, String, FlashSale> step, List<Outcome> outcomes, int left, int recorded) {
        for (String item : ITEMS) {
            try (RedisClient redis = cluster.connectToSlotOf(new SaleKeys(item).stock())) {
                FlashSale sale = step.apply(redis, item);
                sale.open(2);
                for (int i = 0; i < outcomes.size(); i++) {
                    assertThat(sale.buy(new Purchase("Alice", 1, "Alice-" + i))).isEqualTo(outcomes.get(i));
                }
                Books books = sale.books();
                assertThat(books.remaining()).hasValue(left);
                assertThat(books.sold()).isEqualTo(recorded);
            }
        }
    }

    @Test
    @Order(1)
    @DisplayName("the sales of this test lie on all three masters, and all keys of a sale on the same")
    void severalMasters() {
        try (RedisClusterClient redis = cluster.connect()) {
            Set<HostAndPort> masters = ITEMS.stream()
                    .map(item -> masterOf(redis, new SaleKeys(item).stock()))
                    .collect(Collectors.toSet());

            assertThat(masters).isEqualTo(cluster.addresses());
        }
        SaleKeys keys = new SaleKeys("concert");
        assertThat(List.of(keys.stock(), keys.orders(), keys.key("bought:Alice")))
                .extracting(JedisClusterCRC16::getSlot)
                .containsOnly(JedisClusterCRC16.getSlot("concert"));
    }

    private static HostAndPort masterOf(RedisClusterClient redis, String key) {
        try (var connection = redis.getConnectionFromSlot(JedisClusterCRC16.getSlot(key))) {
            return connection.getHostAndPort();
        }
    }

    @Test
    @Order(2)
    @DisplayName("the steps that hold run unchanged, and do what they do elsewhere")
    void whatHolds() {
        List<Outcome> twice = List.of(Outcome.SOLD, Outcome.SOLD, Outcome.SOLD_OUT);
        sellEverywhere((redis, item) -> new WatchThenRead(redis, item, OptionalInt.empty()), twice, 0, 2);
        sellEverywhere((redis, item) -> new BoundedRetry(redis, item, 3, Sleeper.real()), twice, 0, 2);
        sellEverywhere(
                (redis, item) -> new WatchThenRead(redis, item, OptionalInt.of(1)),
                List.of(Outcome.SOLD, Outcome.LIMIT_REACHED),
                1,
                1);
    }

    @Test
    @Order(3)
    @DisplayName("the steps that break run unchanged, and break as they do elsewhere")
    void whatBreaks() {
        List<Outcome> twice = List.of(Outcome.SOLD, Outcome.SOLD, Outcome.SOLD_OUT);
        sellEverywhere(ReadBeforeWatch::new, twice, 0, 2);
        sellEverywhere(MisreadExecReply::new, List.of(Outcome.SOLD_OUT), 0, 1);
        sellEverywhere(OverwrittenRecord::new, twice, 0, 1);
        sellEverywhere(NoRollback::new, List.of(Outcome.CONTENDED, Outcome.CONTENDED, Outcome.SOLD_OUT), 0, 0);
        sellEverywhere(WinnerRecordedOutsideExec::new, twice, 0, 2);
        try (RedisClusterClient lender = cluster.connect()) {
            sellEverywhere(
                    (redis, item) -> new LeakedWatch(
                            redis, () -> lender.getConnectionFromSlot(JedisClusterCRC16.getSlot(item)), item),
                    twice,
                    0,
                    2);
        }
    }

    @Test
    @Order(4)
    @DisplayName("a crowd on a cluster: nothing is sold twice, nothing is lost")
    void aCrowd() {
        try (RedisClient redis = cluster.connectToSlotOf(new SaleKeys("concert").stock())) {
            CrowdResult result = Crowd.buyers(100)
                    .wanting(i -> 1 + i % 3)
                    .buy(new WatchThenRead(redis, "concert", OptionalInt.empty()), 50);

            System.out.println("\n  " + result.summary());
            assertThat(result.isClean()).isTrue();
        }
    }

    @Test
    @Order(5)
    @DisplayName("Jedis's client for clusters has no transactions, so it is no client for these steps")
    void jedisClusterClientHasNoTransactions() {
        try (RedisClusterClient redis = cluster.connect()) {
            FlashSale sale = new WatchThenRead(redis, "concert", OptionalInt.empty());
            sale.open(1);

            assertThatThrownBy(() -> sale.buy(new Purchase("Alice", 1, "Alice-1")))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThat(sale.books()).isEqualTo(Books.of("1", Map.of()));
        }
    }

    @Test
    @Order(6)
    @DisplayName("the article's own keys have no hash tag: stock and record lie in two slots, and Redis refuses")
    void keysWithoutHashTag() {
        try (RedisClusterClient redis = cluster.connect()) {
            redis.set("ticket_count", "5");
            try (var connection = redis.getConnectionFromSlot(JedisClusterCRC16.getSlot("ticket_count"));
                    Transaction transaction = new Transaction(connection, false)) {
                transaction.watch("ticket_count");
                transaction.multi();
                transaction.decrBy("ticket_count", 1);
                transaction.set("bought_tickets:user123", "1");

                assertThatThrownBy(transaction::exec)
                        .isInstanceOf(JedisDataException.class)
                        .hasMessageStartingWith("EXECABORT");
            }
            assertThat(redis.get("ticket_count")).isEqualTo("5");
            redis.del("ticket_count");
        }
    }
}
