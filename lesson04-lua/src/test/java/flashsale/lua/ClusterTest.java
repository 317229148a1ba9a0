package flashsale.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.explore.Step;
import flashsale.redis.EmbeddedCluster;
import flashsale.redis.RedisServers;
import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleContext;
import flashsale.sale.SaleKeys;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.JedisClusterCRC16;

@DisplayName("Redis Cluster · one item lives in one slot, so a script may touch all its keys")
class ClusterTest {

    private static final List<String> ITEMS = List.of("concert", "theatre", "opera", "circus");

    private final EmbeddedCluster cluster =
            RedisServers.cluster().orElseThrow(() -> new TestAbortedException("no cluster"));

    @Test
    @Order(1)
    @DisplayName("every step sells on a cluster, wherever its item lives")
    void everyStep() {
        try (RedisClusterClient redis = cluster.connect()) {
            assertThat(ITEMS.stream().map(item -> JedisClusterCRC16.getSlot(item) * 3 / 16_384))
                    .as("the masters that hold them")
                    .contains(0, 1, 2);
            for (Step step : List.of(
                    LuaLesson.articleScript(1),
                    LuaLesson.ATOMIC_PURCHASE,
                    LuaLesson.RETRIED_BLINDLY,
                    LuaLesson.IDEMPOTENT_PURCHASE,
                    LuaLesson.PURCHASE_FUNCTION,
                    LuaLesson.QUEUED_PURCHASE,
                    LuaLesson.pipelinedPurchase(1))) {
                for (String item : ITEMS) {
                    FlashSale sale = step.factory().apply(SaleContext.of(redis, item));
                    sale.open(1);

                    assertThat(sale.buy(new Purchase("1001", 1, "a"))).isEqualTo(Outcome.SOLD);
                    assertThat(sale.buy(new Purchase("1002", 1, "b"))).isEqualTo(Outcome.SOLD_OUT);
                    assertThat(sale.books()).isEqualTo(Books.of("0", Map.of("1001", "1")));
                }
            }
        }
    }

    @Test
    @Order(2)
    @DisplayName("keys in two slots are refused, by the client and by the server, before the script runs")
    void keysInTwoSlots() {
        List<String> twoItems = List.of(new SaleKeys("concert").stock(), new SaleKeys("theatre").stock());
        Script script = Script.of("return redis.call('INCR', KEYS[1])");
        try (RedisClusterClient redis = cluster.connect();
                RedisClient oneMaster = cluster.connectToSlotOf(twoItems.get(0))) {
            redis.set(twoItems.get(0), "7");

            assertThatThrownBy(() -> script.run(redis, twoItems, List.of()))
                    .isInstanceOf(JedisClusterOperationException.class);
            assertThatThrownBy(() -> oneMaster.eval(script.text(), twoItems, List.of()))
                    .isInstanceOf(JedisDataException.class)
                    .hasMessageStartingWith("CROSSSLOT");
            assertThat(redis.get(twoItems.get(0))).isEqualTo("7");
        }
    }
}
