package flashsale.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

@DisplayName("A bare connection")
class BareConnectionTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    @Test
    @DisplayName("says its password, and leaves nothing open if the server refuses it")
    void refused() {
        try (EmbeddedRedis server = EmbeddedRedis.start("--requirepass", "first");
                RemoteRedis redis = RemoteRedis.connect("redis://:first@" + server.address(), false);
                RedisClient client = redis.connect()) {
            try (BareConnection connection = BareConnection.to(redis)) {
                connection.roundTrip(BareConnection.command("SET", "sale:{concert}:stock", "1"));
            }
            assertThat(client.get("sale:{concert}:stock")).isEqualTo("1");
            client.configSet("requirepass", "second");
            awaitConnections(client, 1);

            assertThatThrownBy(() -> BareConnection.to(redis))
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasMessageContaining("WRONGPASS");

            awaitConnections(client, 1);
            client.configSet("requirepass", "first");
        }
    }

    /** The server learns a moment later that somebody has closed a connection. */
    private static void awaitConnections(RedisClient client, int count) {
        Instant deadline = Instant.now().plus(LIMIT);
        while (!client.info("clients").contains("connected_clients:" + count + "\r\n")) {
            assertThat(Instant.now()).as(client.info("clients")).isBefore(deadline);
        }
    }
}
