package flashsale.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The choice of a Redis server")
class RedisChoiceTest {

    private static final RedisChoice ELSEWHERE = new RedisChoice.Remote(RedisUrl.parse("redis://elsewhere:7000"));

    @ParameterizedTest(name = "-Dredis={0}, REDIS_URL={1}")
    @CsvSource({",", "'',''", "' ',' '", "embedded,", "embedded,redis://elsewhere:7000", ",embedded"})
    @DisplayName("is the embedded server when nobody asks for another")
    void embedded(String property, String environment) {
        assertThat(RedisChoice.of(property, environment)).isEqualTo(new RedisChoice.Embedded());
    }

    @ParameterizedTest(name = "-Dredis={0}, REDIS_URL={1}")
    @CsvSource({"docker,", "' docker ',redis://elsewhere:7000", "'',docker"})
    @DisplayName("can be a container")
    void docker(String property, String environment) {
        assertThat(RedisChoice.of(property, environment)).isEqualTo(new RedisChoice.Docker());
    }

    @ParameterizedTest(name = "-Dredis={0}, REDIS_URL={1}")
    @CsvSource({
        "redis://elsewhere:7000,",
        "redis://elsewhere:7000,docker",
        "redis://elsewhere:7000,redis://nowhere",
        ",redis://elsewhere:7000",
        "' ',redis://elsewhere:7000"
    })
    @DisplayName("can be a URL, and the property wins over the environment")
    void url(String property, String environment) {
        assertThat(RedisChoice.of(property, environment)).isEqualTo(ELSEWHERE);
    }

    @Test
    @DisplayName("can be a URL with TLS")
    void tls() {
        assertThat(RedisChoice.of("rediss://elsewhere", null))
                .isEqualTo(new RedisChoice.Remote(RedisUrl.parse("rediss://elsewhere")));
    }

    @ParameterizedTest(name = "-Dredis={0}, REDIS_URL={1}")
    @CsvSource({
        "valkey,redis://elsewhere,-Dredis is \"valkey\"",
        ",localhost:6379,REDIS_URL is \"localhost:6379\"",
        "Docker,,-Dredis is \"Docker\"",
        "http://elsewhere,,-Dredis is \"http://elsewhere\"",
    })
    @DisplayName("is refused by name and value when it is none of these, and the choices are listed")
    void unknown(String property, String environment, String said) {
        assertThatThrownBy(() -> RedisChoice.of(property, environment))
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessage(said + ", but must be embedded, docker, or a URL of the shape " + RedisUrl.SHAPE);
    }

    @Test
    @DisplayName("is refused without its password")
    void noPasswordInTheMessage() {
        assertThatThrownBy(() -> RedisChoice.of("redis:/alice:s3cret@elsewhere", null))
                .hasMessageContaining("-Dredis is \"***@elsewhere\"")
                .hasMessageNotContaining("s3cret");
    }
}
