package flashsale.lua;

import static org.assertj.core.api.Assertions.assertThat;

import flashsale.explore.Step;
import flashsale.redis.EmbeddedCluster;
import flashsale.redis.RedisServers;
import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleContext;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.util.JedisClusterCRC16;

@DisplayName("Redis Cluster · one item lives in one slot, so a script may touch all its keys")
class ClusterTest {

    private static final List<String> ITEMS = List.of("concert", "theatre", "opera", "circus");

    @Test
    @DisplayName("every step sells on a cluster, wherever its item lives")
    void everyStep() {
        EmbeddedCluster cluster = RedisServers.cluster().orElseThrow(() -> new TestAbortedException("no cluster"));
        try (RedisClusterClient redis = cluster.connect()) {
            assertThat(ITEMS.stream().map(item -> JedisClusterCRC16.getSlot(item) * 3 / 16_384))
                    .as("the masters that hold them")
                    .contains(0, 1, 2);
            for (Step step : List.of(
                    LuaLesson.articleScript(1),
                    LuaLesson.ATOMIC_PURCHASE,
                    LuaLesson.RETRIED_BLINDLY,
                    LuaLesson.IDEMPOTENT_PURCHASE,
                    LuaLesson.PURCHASE_FUNCTION)) {
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
}
