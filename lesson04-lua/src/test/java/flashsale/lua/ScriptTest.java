package flashsale.lua;

import static org.assertj.core.api.Assertions.assertThat;

import flashsale.redis.RedisServers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

@DisplayName("Scripts · how Redis runs them")
class ScriptTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** Between its two writes it counts to five million, which takes some hundredths of a second. */
    private static final Script SLOW = Script.of(
            "redis.call('SET', KEYS[1], 'done') for i = 1, 5000000 do end redis.call('SET', KEYS[2], 'done') return 1");

    private static final List<String> BOTH = List.of("{a}:first", "{a}:second");

    private RedisClient redis;

    @BeforeEach
    void connect() {
        redis = RedisServers.shared().connect();
        redis.del(BOTH.get(0), BOTH.get(1));
    }

    @AfterEach
    void close() {
        redis.close();
    }

    private List<String> look() {
        return redis.mget(BOTH.get(0), BOTH.get(1));
    }

    @Test
    @Order(1)
    @DisplayName("Redis runs one command at a time, and a script is one: nobody is served between its writes")
    void nobodySeesHalfOfAScript() throws Exception {
        CompletableFuture<Object> running = CompletableFuture.supplyAsync(() -> SLOW.run(redis, BOTH, List.of()));
        Instant deadline = Instant.now().plus(LIMIT);

        List<String> seen = look();
        while (!seen.contains("done")) {
            assertThat(Instant.now()).as("the script has run").isBefore(deadline);
            seen = look();
        }

        assertThat(seen).as("the first that anybody sees of it").containsExactly("done", "done");
        running.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    @Order(2)
    @DisplayName("two commands are two: between them everybody is served, and sees the half of it")
    void everybodySeesHalfOfTwoCommands() {
        redis.set(BOTH.get(0), "done");
        assertThat(look()).containsExactly("done", null);
        redis.set(BOTH.get(1), "done");
        assertThat(look()).containsExactly("done", "done");
    }

    @Test
    @Order(3)
    @DisplayName("the server knows a script by the SHA-1 of its text, and so does the client, without asking")
    void knownByItsSha() {
        for (Script script :
                List.of(AtomicPurchase.SCRIPT, IdempotentPurchase.SCRIPT, Script.in("article-script.lua"), SLOW)) {
            assertThat(redis.scriptLoad(script.text())).isEqualTo(script.sha());
        }
    }

    @Test
    @Order(4)
    @DisplayName("NOSCRIPT: the server has done nothing, and EVAL brings the text, runs it and leaves it in the cache")
    void theCacheIsEmpty() {
        Script script = Script.of("return redis.call('INCR', KEYS[1])");
        List<String> key = List.of(BOTH.get(0));
        redis.scriptFlush();
        assertThat(redis.scriptExists(List.of(script.sha()))).containsExactly(false);

        assertThat(script.run(redis, key, List.of())).isEqualTo(1L);

        assertThat(redis.scriptExists(List.of(script.sha()))).containsExactly(true);
        assertThat(script.run(redis, key, List.of())).isEqualTo(2L);
    }
}
