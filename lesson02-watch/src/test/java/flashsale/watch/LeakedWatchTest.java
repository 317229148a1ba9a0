package flashsale.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.redis.RedisServer;
import flashsale.redis.RedisServers;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.exceptions.JedisException;

/** A pool of one connection makes certain what is bad luck in a larger one: that somebody gets the same connection. */
@DisplayName("Step 4 · LeakedWatch")
class LeakedWatchTest {

    private static final Purchase ONE = new Purchase("Alice", 1, "Alice-1");
    private static final Purchase TWO = new Purchase("Bob", 2, "Bob-1");

    private final RedisServer server = RedisServers.shared();
    private final RedisClient others = server.connect();
    private final RedisClient poolOfOne = RedisClient.builder()
            .hostAndPort(server.address())
            .clientConfig(server.clientConfig())
            .poolConfig(one())
            .build();

    private static ConnectionPoolConfig one() {
        ConnectionPoolConfig config = new ConnectionPoolConfig();
        config.setMaxTotal(1);
        config.setMaxWait(Duration.ofMillis(50));
        return config;
    }

    @BeforeEach
    void reset() {
        others.del("visits");
        sellTo(others).open(1);
    }

    @AfterEach
    void close() {
        others.del("visits");
        poolOfOne.close();
        others.close();
    }

    private static FlashSale sellTo(RedisClient redis) {
        return new WatchThenRead(redis, "concert", OptionalInt.empty());
    }

    private FlashSale leaking() {
        return new LeakedWatch(poolOfOne, poolOfOne.getPool()::getResource, "concert");
    }

    /** A transaction that has nothing to do with tickets and watches nothing. @return what EXEC answers */
    private List<Object> countAVisit() {
        try (AbstractTransaction transaction = poolOfOne.multi()) {
            transaction.incr("visits");
            return transaction.exec();
        }
    }

    @Test
    @Order(1)
    @DisplayName(
            "the watch of a refused buyer waits in the pool; the last ticket is sold; somebody else's write is lost")
    void theNextTransactionAborts() {
        assertThat(leaking().buy(TWO)).isEqualTo(Outcome.SOLD_OUT);
        assertThat(sellTo(others).buy(ONE)).isEqualTo(Outcome.SOLD);

        assertThat(countAVisit())
                .as("EXEC of a transaction that watches nothing")
                .isNull();
        assertThat(others.exists("visits")).isFalse();

        assertThat(countAVisit()).as("the one after that").containsExactly(1L);
    }

    @Test
    @Order(2)
    @DisplayName("it takes a sale in between: as long as the stock stands still nothing happens, so tests stay green")
    void nothingHappensWithoutASale() {
        assertThat(leaking().buy(TWO)).isEqualTo(Outcome.SOLD_OUT);

        assertThat(countAVisit()).containsExactly(1L);
    }

    @Test
    @Order(3)
    @DisplayName("the sale itself stays right: who has bought has ended the watch with EXEC")
    void theSaleItselfIsRight() {
        assertThat(leaking().buy(ONE)).isEqualTo(Outcome.SOLD);
        assertThat(leaking().books().orders()).containsOnlyKeys("Alice");
        assertThat(leaking().books().remaining()).hasValue(0);

        assertThat(countAVisit()).containsExactly(1L);
    }

    @Test
    @Order(4)
    @DisplayName("Jedis's own transaction sends UNWATCH when it is closed, so nothing leaks")
    void jedisUnwatches() {
        assertThat(sellTo(poolOfOne).buy(TWO)).isEqualTo(Outcome.SOLD_OUT);
        assertThat(sellTo(others).buy(ONE)).isEqualTo(Outcome.SOLD);

        assertThat(countAVisit()).containsExactly(1L);
    }

    @Test
    @Order(5)
    @DisplayName("a transaction on a borrowed connection unwatches as well, if it is closed before the connection is")
    void closingTheTransactionIsEnough() {
        try (Connection connection = poolOfOne.getPool().getResource();
                Transaction transaction = new Transaction(connection, false)) {
            transaction.watch("sale:{concert}:stock");
        }
        assertThat(sellTo(others).buy(ONE)).isEqualTo(Outcome.SOLD);

        assertThat(countAVisit()).containsExactly(1L);
    }

    @Test
    @Order(6)
    @DisplayName("a transaction that is never closed keeps its connection, and the pool runs dry")
    void neverClosed() {
        AbstractTransaction forgotten = poolOfOne.transaction(false);
        try {
            forgotten.watch("sale:{concert}:stock");

            assertThatThrownBy(() -> poolOfOne.get("visits"))
                    .isInstanceOf(JedisException.class)
                    .hasMessage("Could not get a resource from the pool");
        } finally {
            forgotten.close();
        }
        assertThat(poolOfOne.get("visits")).isNull();
    }
}
