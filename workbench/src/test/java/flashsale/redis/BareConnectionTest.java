package flashsale.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

@DisplayName("A bare connection")
class BareConnectionTest {

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

            assertThatThrownBy(() -> BareConnection.to(redis))
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasMessageContaining("WRONGPASS");

            assertThat(clients(client)).contains("connected_clients:1\r\n");
            client.configSet("requirepass", "first");
        }
    }

    /** Asked after another question: what was closed before that one is over by then. */
    private static String clients(RedisClient client) {
        client.ping();
        return client.info("clients");
    }
}
