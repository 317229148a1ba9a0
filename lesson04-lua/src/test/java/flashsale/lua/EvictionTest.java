package flashsale.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.redis.EmbeddedRedis;
import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * A server of its own, whose memory is suddenly full: {@code maxmemory} is set to one byte, and so everything goes that
 * may go. (The tenacity of 100 makes the server evict to the end, and not only for half a millisecond at a time.)
 */
@DisplayName("Eviction · what becomes of a sale when memory is full")
class EvictionTest {

    private static final Purchase ALICES = new Purchase("Alice", 1, "Alice-1");
    private static final Books ALICE_HAS_ONE_OF_THREE = Books.of("2", Map.of("Alice", "1"));

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private RedisClient redis;
    private FlashSale sale;

    @BeforeEach
    void start() {
        redis = closing(closing(EmbeddedRedis.start("--maxmemory-eviction-tenacity", "100"))
                .connect());
        sale = new IdempotentPurchase(redis, "concert", OptionalInt.of(1));
        sale.open(3);
        assertThat(sale.buy(ALICES)).isEqualTo(Outcome.SOLD);
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

    private void memoryIsFullUnder(String policy) {
        redis.configSet("maxmemory-policy", policy);
        redis.configSet("maxmemory", "1");
        redis.ping(); // with this command the server looks at its memory
    }

    private void memoryIsThereAgain() {
        redis.configSet("maxmemory", "0");
    }

    @Test
    @Order(1)
    @DisplayName("noeviction: a purchase fails before it has written anything, and the sale is as it was")
    void noeviction() {
        memoryIsFullUnder("noeviction");

        assertThatThrownBy(() -> sale.buy(new Purchase("Bob", 1, "Bob-1")))
                .isInstanceOf(JedisDataException.class)
                .hasMessageStartingWith("OOM");
        assertThat(sale.books()).isEqualTo(ALICE_HAS_ONE_OF_THREE);

        memoryIsThereAgain();
        assertThat(sale.buy(ALICES)).as("her request, repeated").isEqualTo(Outcome.SOLD);
        assertThat(sale.buy(new Purchase("Bob", 1, "Bob-1"))).isEqualTo(Outcome.SOLD);
        assertThat(sale.books()).isEqualTo(Books.of("1", Map.of("Alice", "1", "Bob", "1")));
    }

    @Test
    @Order(2)
    @DisplayName("volatile-lru: stock and orders have no time to live and stay; the ids of the requests go")
    void volatileLru() {
        memoryIsFullUnder("volatile-lru");
        assertThat(sale.books()).isEqualTo(ALICE_HAS_ONE_OF_THREE);

        memoryIsThereAgain();
        assertThat(sale.buy(ALICES))
                .as("her request, repeated, as if for the first time")
                .isEqualTo(Outcome.LIMIT_REACHED);
    }

    @Test
    @Order(3)
    @DisplayName("allkeys-lru: units and orders are gone; there is no such sale any more, and nobody is sold anything")
    void allkeysLru() {
        memoryIsFullUnder("allkeys-lru");
        memoryIsThereAgain();

        assertThat(redis.dbSize()).isZero();
        assertThat(sale.buy(ALICES)).isEqualTo(Outcome.NO_SUCH_SALE);
        assertThat(sale.buy(new Purchase("Bob", 1, "Bob-1"))).isEqualTo(Outcome.NO_SUCH_SALE);
        assertThat(redis.dbSize()).isZero();
    }

    @Test
    @Order(4)
    @DisplayName("allkeys-lru and the article's script: the sale was sold out, and begins anew")
    void allkeysLruAndTheArticle() {
        FlashSale article = new ArticleScript(redis, "theatre", 1);
        article.open(1);
        assertThat(article.buy(new Purchase("1001", 1, "a"))).isEqualTo(Outcome.SOLD);
        assertThat(article.buy(new Purchase("1002", 1, "b"))).isEqualTo(Outcome.SOLD_OUT);

        memoryIsFullUnder("allkeys-lru");
        memoryIsThereAgain();

        assertThat(article.buy(new Purchase("1002", 1, "c"))).isEqualTo(Outcome.SOLD);
    }
}
