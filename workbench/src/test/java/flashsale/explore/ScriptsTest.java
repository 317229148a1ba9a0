package flashsale.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "return 1",
                "return redis.call('GET', KEYS[1])",
                "redis.call('DECR', KEYS[1]) return redis.pcall(\"HINCRBY\", KEYS[2], ARGV[1], 1)",
                "local now = redis.call('TIME') return redis . call ( 'SET' , KEYS [1], now[1])"
            })
    void that_touch_only_what_they_declare_are_recognised(String text) {
        assertThat(Scripts.touchesOnlyItsKeys(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "return redis.call('GET', 'stock')",
                "return redis.call('GET', KEYS[1]) + redis.call('GET', ARGV[1])",
                "local call = redis.call return call('GET', 'stock')",
                "return redis.call(ARGV[1], KEYS[1])",
                "return redis.call('RANDOMKEY')"
            })
    void that_may_touch_more_are_taken_to_touch_everything(String text) {
        assertThat(Scripts.touchesOnlyItsKeys(text)).isFalse();
    }

    @Test
    void may_be_given_the_command_that_publishes_to_a_channel_that_they_declare() {
        String text = "return redis.call(ARGV[1], KEYS[1], ARGV[2])";

        assertThat(new Scripts().declareTheirKeys(List.of("EVAL", text, "1", "channel", "publish", "0")))
                .isTrue();
        assertThat(new Scripts().declareTheirKeys(List.of("EVAL", text, "1", "stock", "rename", "other")))
                .isFalse();
        assertThat(new Scripts().declareTheirKeys(List.of("EVAL", text, "1", "channel")))
                .isFalse();
    }

    @Test
    void are_known_by_their_sha_once_they_were_loaded() {
        Scripts scripts = new Scripts();
        List<String> call = List.of("EVALSHA", "6b1bf486c81ceb7edf3c093f4c48582e38c0e791", "1", "stock");
        assertThat(scripts.declareTheirKeys(call)).isFalse();

        scripts.learn(List.of("SCRIPT", "LOAD", "return redis.call('GET',KEYS[1])"));

        assertThat(scripts.declareTheirKeys(
                        List.of("EVALSHA", shaOf("return redis.call('GET',KEYS[1])"), "1", "stock")))
                .isTrue();
    }

    private static String shaOf(String text) {
        return org.assertj.core.util.Hexadecimals.toHexString(sha1(text)).toLowerCase(java.util.Locale.ROOT);
    }

    private static byte[] sha1(String text) {
        try {
            return java.security.MessageDigest.getInstance("SHA-1").digest(text.getBytes());
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
