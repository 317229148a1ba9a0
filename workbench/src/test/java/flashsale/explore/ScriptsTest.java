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
                "local now = redis.call('TIME') return redis . call ( 'SET' , KEYS [1], now[1])",
                "if KEYS[1] == ARGV[1] then return redis.error_reply('no') end return redis.call('DEL', KEYS[1])",
                "for i = 1, #KEYS do redis.call('DECRBY', KEYS[i], 1) end return redis.status_reply('OK')"
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
                "return redis.call('RANDOMKEY')",
                "return redis.call('GET', KEYS[1] .. ':request')",
                "return redis.call('GET', KEYS[ARGV[1]] or 'stock')",
                "return redis.call('MGET', KEYS[1], 'stock')",
                "KEYS[1] = 'stock' return redis.call('GET', KEYS[1])",
                "local KEYS = {'stock'} return redis.call('GET', KEYS[1])"
            })
    void that_may_touch_more_are_taken_to_touch_everything(String text) {
        assertThat(Scripts.touchesOnlyItsKeys(text)).isFalse();
    }

    @Test
    void that_are_functions_are_known_by_their_names_once_they_were_loaded() {
        Scripts scripts = new Scripts();
        List<String> call = List.of("FCALL", "take", "1", "stock");
        assertThat(scripts.declareTheirKeys(call)).isFalse();

        scripts.learn(List.of("FUNCTION", "LOAD", "REPLACE", library("redis.call('DECR', keys[1])")));

        assertThat(scripts.declareTheirKeys(call)).isTrue();
        assertThat(scripts.declareTheirKeys(List.of("FCALL", "give", "1", "stock")))
                .isFalse();

        scripts.learn(List.of("FUNCTION", "LOAD", "REPLACE", library("redis.call('DECR', 'stock')")));

        assertThat(scripts.declareTheirKeys(call)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis.call('DECR', KEYS[1])",
                "redis.call('DECR', keys[1] .. ':1')",
                "keys = {'stock'} redis.call('DECR', keys[1])",
                "local function other(keys) redis.call('DECR', keys[1]) end other({'stock'})"
            })
    void that_are_functions_and_may_touch_more_are_taken_to_touch_everything(String body) {
        assertThat(Scripts.functionsTouchOnlyTheirKeys(library(body))).isFalse();
    }

    private static String library(String body) {
        return "#!lua name=shop\nredis.register_function('take', function(keys, args) " + body + " end)";
    }

    @Test
    void stand_in_a_timeline_by_their_names() {
        String sha = shaOf("return 1");
        String prefix = "sale:{concert}:";
        KeyNames names = new KeyNames(Scenario.named("any").buyer("Alice", 1));
        assertThat(CommandText.of(List.of("EVAL", "-- take one\nreturn 1", "1", prefix + "stock", "7"), names))
                .isEqualTo("EVAL(take one) stock 7");
        assertThat(CommandText.of(List.of("EVALSHA", "-- take one\nreturn 1", "1", prefix + "stock"), names))
                .isEqualTo("EVALSHA(take one) stock");
        assertThat(CommandText.of(List.of("EVALSHA", sha, "1", prefix + "stock"), names))
                .startsWith("EVALSHA " + sha + " 1 stock");
        assertThat(CommandText.of(List.of("FCALL", "take", "1", prefix + "stock"), names))
                .isEqualTo("FCALL(take) stock");
    }

    @Test
    void are_spelled_out_where_only_their_sha_was_sent() {
        Scripts scripts = new Scripts();
        List<String> call = List.of("EVALSHA", shaOf("return 1"), "0");
        assertThat(scripts.withText(call)).isEqualTo(call);

        scripts.learn(List.of("EVAL", "return 1", "0"));

        assertThat(scripts.withText(call)).containsExactly("EVALSHA", "return 1", "0");
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
