package flashsale.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisMovedDataException;

@DisplayName("An embedded cluster")
@Timeout(60)
class EmbeddedClusterTest {

    private EmbeddedCluster cluster;

    @BeforeEach
    void startOnce() {
        Optional<EmbeddedCluster> started = RedisServers.cluster();
        assumeTrue(started.isPresent(), "there is no redis-server for this platform");
        cluster = started.get();
    }

    private static List<Long> keysOn(EmbeddedCluster cluster) {
        return cluster.masters().stream()
                .map(master -> {
                    try (RedisClient redis = master.connect()) {
                        return redis.dbSize();
                    }
                })
                .toList();
    }

    @Test
    @DisplayName("is the same at every call, and deals the keys out to three masters")
    void threeMasters() {
        assertThat(RedisServers.cluster()).containsSame(cluster);
        try (RedisClusterClient redis = cluster.connect()) {
            List<String> keys = IntStream.range(0, 60).mapToObj(i -> "key-" + i).toList();
            keys.forEach(key -> redis.set(key, "here"));

            assertThat(keys).allSatisfy(key -> assertThat(redis.get(key)).isEqualTo("here"));
            assertThat(keysOn(cluster))
                    .hasSize(3)
                    .allSatisfy(count -> assertThat(count).isPositive());
            keys.forEach(redis::del);
        }
    }

    @Test
    @DisplayName("has no transactions in Jedis's client for clusters, and has them in a client for one slot")
    void transactions() {
        try (RedisClusterClient redis = cluster.connect()) {
            assertThatThrownBy(() -> redis.transaction(false)).isInstanceOf(UnsupportedOperationException.class);
        }
        for (String item : List.of("concert", "opera", "circus", "ballet", "match", "fair")) { // in several slots
            try (RedisClient redis = cluster.connectToSlotOf("sale:{" + item + "}:stock");
                    AbstractTransaction transaction = redis.transaction(false)) {
                transaction.watch("sale:{" + item + "}:stock");
                transaction.multi();
                transaction.set("sale:{" + item + "}:stock", "1");
                transaction.set("sale:{" + item + "}:orders", "2");
                assertThat(transaction.exec()).containsExactly("OK", "OK");
                assertThat(redis.get("sale:{" + item + "}:orders")).isEqualTo("2");
                assertThat(redis.del("sale:{" + item + "}:stock", "sale:{" + item + "}:orders"))
                        .isEqualTo(2);
            }
        }
    }

    @Test
    @DisplayName("refuses a transaction over two slots, and a client for one slot does not reach another's master")
    void otherSlots() {
        try (RedisClient redis = cluster.connectToSlotOf("a")) { // 15495, the third master
            assertThatThrownBy(() -> redis.get("b")).isInstanceOf(JedisMovedDataException.class); // 3300, the first
            try (AbstractTransaction transaction = redis.transaction(false)) {
                assertThatThrownBy(() -> transaction.watch("a", "c"))
                        .isInstanceOf(JedisDataException.class)
                        .hasMessageStartingWith("CROSSSLOT");
            }
        }
    }

    @Test
    @DisplayName("leaves no server behind when it is closed, twice if need be")
    void leavesNothing() {
        EmbeddedCluster another = EmbeddedCluster.start();
        List<Long> pids = another.masters().stream().map(EmbeddedRedis::pid).toList();
        assertThat(pids)
                .hasSize(3)
                .allSatisfy(pid -> assertThat(ProcessHandle.of(pid)).isPresent());
        assertThat(another.description())
                .startsWith("Redis Cluster of 3 masters (embedded) on 127.0.0.1:")
                .contains(another.masters().get(2).address().toString());

        another.close();
        another.close();

        assertThat(pids)
                .noneSatisfy(pid -> assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive))
                        .isPresent());
    }
}
