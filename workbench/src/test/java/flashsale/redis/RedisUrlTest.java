package flashsale.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.HostAndPort;

@DisplayName("A Redis URL")
class RedisUrlTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "redis://db.example:7000/3,         false, db.example, 7000, ,      ,           3",
        "redis://db.example,                false, db.example, 6379, ,      ,           0",
        "redis://db.example/,               false, db.example, 6379, ,      ,           0",
        "rediss://db_1:7000,                true,  db_1,       7000, ,      ,           0",
        "redis://alice:s3cret@127.0.0.1:1/0, false, 127.0.0.1,  1,    alice, s3cret,     0",
        "redis://:s3cret@127.0.0.1,         false, 127.0.0.1,  6379, ,      s3cret,     0",
        "redis://alice:a:b@127.0.0.1,       false, 127.0.0.1,  6379, alice, a:b,        0",
        "redis://alice:a@b/c@127.0.0.1/2,   false, 127.0.0.1,  6379, alice, a@b/c,      2",
        "redis://al%3Aice:1%2B1+1%25@h,     false, h,          6379, al:ice, 1+1+1%,    0",
        "redis://[::1]:7000/1,              false, ::1,        7000, ,      ,           1",
    })
    @DisplayName("names host and port, and perhaps user, password, database and TLS")
    void parts(String text, boolean tls, String host, int port, String user, String password, int database) {
        assertThat(RedisUrl.parse(text))
                .isEqualTo(new RedisUrl(tls, new HostAndPort(host, port), user, password, database));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "redis://",
                "redis://host:0",
                "redis://host:65536",
                "redis://host:port",
                "redis://host/abc",
                "redis://host/-1",
                "redis://host/0?protocol=3",
                "redis://alice:bad%escape@host",
                "redis://alice@host",
                "redis://two words",
                "http://host"
            })
    @DisplayName("is refused when it has another shape, and the shape is told")
    void malformed(String text) {
        assertThatThrownBy(() -> RedisUrl.parse(text))
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining(RedisUrl.masked(text))
                .hasMessageContaining(RedisUrl.SHAPE);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"redis://alice:s3cret@host:port", "redis://alice:s3%cret@host", "redis:alice:s3cret@host"})
    @DisplayName("is refused without its password")
    void malformedWithPassword(String text) {
        assertThatThrownBy(() -> RedisUrl.parse(text))
                .hasMessageContaining("***@host")
                .hasMessageNotContaining("cret")
                .hasNoCause();
    }

    @Test
    @DisplayName("is printed without its password")
    void printed() {
        assertThat(RedisUrl.parse("rediss://alice:s3cret@host/2")).hasToString("rediss://***@host:6379/2");
        assertThat(RedisUrl.parse("redis://host")).hasToString("redis://host:6379/0");
    }
}
