package flashsale.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.RedisClient;

@DisplayName("A server named by a URL")
@Timeout(30)
class RemoteRedisTest {

    private static EmbeddedRedis open;
    private static EmbeddedRedis locked;

    @BeforeAll
    static void startServers() {
        open = EmbeddedRedis.start();
        locked = EmbeddedRedis.start("--requirepass", "s3cret");
    }

    @AfterAll
    static void stopServers() {
        open.close();
        locked.close();
    }

    @BeforeEach
    void empty() {
        ask(0, RedisClient::flushAll);
    }

    private static <T> T ask(int database, Function<RedisClient, T> question) {
        try (RedisClient client = Clients.connect(
                open.address(),
                Clients.config(RedisServer.TIMEOUT).database(database).build())) {
            return question.apply(client);
        }
    }

    /** Every write counts one up, whatever the database; the server never saves. */
    private static String writes() {
        return ask(0, client -> client.info("persistence"))
                .lines()
                .filter(line -> line.startsWith("rdb_changes_since_last_save:"))
                .findFirst()
                .orElseThrow();
    }

    private static RemoteRedis connect(String url, boolean wipe) {
        return RemoteRedis.connect(url, wipe);
    }

    private static AbstractThrowableAssert<?, ?> assertRefused(String url) {
        return assertThatThrownBy(() -> connect(url, false).close())
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining("leave -Dredis and REDIS_URL away to use the embedded one");
    }

    private static String at(EmbeddedRedis server, String who, int database) {
        return "redis://" + who + server.address() + "/" + database;
    }

    @Test
    @DisplayName("is taken if its database is empty, and written to in that database only")
    void emptyDatabase() {
        ask(0, client -> client.set("somebody", "else's"));

        try (RemoteRedis redis = connect(at(open, "", 2), false);
                RedisClient client = redis.connect()) {
            assertThat(redis.address()).isEqualTo(open.address());
            assertThat(redis.description()).isEqualTo("Redis 7.0.15 (remote, database 2) on " + open.address());
            client.set("sale:{concert}:stock", "1");

            assertThat(ask(2, RedisClient::dbSize)).isEqualTo(1);
            assertThat(ask(0, RedisClient::dbSize)).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("is refused if its database is not empty, and nothing is written to it")
    void notEmpty() {
        ask(3, client -> client.mset("one", "1", "two", "2"));
        String before = writes();

        assertRefused(at(open, "", 3))
                .hasMessageContaining(at(open, "", 3) + " is not empty: it holds 2 keys")
                .hasMessageContaining("-Dredis.wipe=true");

        assertThat(writes()).isEqualTo(before);
        List<String> values = ask(3, client -> client.mget("one", "two"));
        assertThat(values).containsExactly("1", "2");
    }

    @Test
    @DisplayName("is emptied if that was asked for, and its other databases are not touched")
    void wiped() {
        for (int database : new int[] {0, 3, 4}) {
            ask(database, client -> client.set("somebody", "else's"));
        }

        connect(at(open, "", 3), true).close();

        assertThat(ask(3, RedisClient::dbSize)).isZero();
        assertThat(ask(0, RedisClient::dbSize)).isEqualTo(1);
        assertThat(ask(4, RedisClient::dbSize)).isEqualTo(1);
    }

    @Test
    @DisplayName("loses the workbook's keys when it is closed, so that the next run finds it empty, and no others")
    void tidied() {
        try (RemoteRedis redis = connect(at(open, "", 5), false);
                RedisClient client = redis.connect()) {
            for (int i = 0; i < 2_500; i++) {
                client.set("sale:{item" + i + "}:stock", "1");
            }
            client.set("wholesale:stock", "1");
        }

        Set<String> left = ask(5, client -> client.keys("*"));
        assertThat(left).containsExactly("wholesale:stock");
    }

    @Test
    @DisplayName("may be gone when it is closed")
    void goneBeforeClose() {
        EmbeddedRedis server = EmbeddedRedis.start();
        RemoteRedis redis = connect(at(server, "", 0), false);
        server.close();

        redis.close();
    }

    @Test
    @DisplayName("is opened by its password, which nobody gets to see")
    void password() {
        try (RemoteRedis redis = connect(at(locked, "default:s3cret@", 0), false);
                RedisClient client = redis.connect()) {
            assertThat(client.ping()).isEqualTo("PONG");
            assertThat(redis.description()).doesNotContain("s3cret").endsWith(" on " + locked.address());
        }
    }

    @Test
    @DisplayName("with a wrong password, or none, is refused without showing it")
    void wrongPassword() {
        assertRefused(at(locked, ":wr0ng@", 0))
                .hasMessageContaining("redis://***@" + locked.address() + "/0 refused the workbook (WRONGPASS")
                .hasMessageContaining("Check user, password and database")
                .hasMessageNotContaining("wr0ng");
        assertRefused(at(locked, "", 0)).hasMessageContaining("(NOAUTH");
    }

    @Test
    @DisplayName("whose database does not exist is refused")
    void noSuchDatabase() {
        assertRefused(at(open, "", 99)).hasMessageContaining("/99 refused the workbook (ERR DB index is out of range)");
    }

    @Test
    @DisplayName("where nobody listens is told by host and port")
    void connectionRefused() {
        int port = LoopbackPorts.free();

        assertRefused("redis://127.0.0.1:" + port)
                .hasMessageContaining("No Redis at redis://127.0.0.1:" + port + "/0: Connection refused")
                .hasMessageContaining("Start the server or correct the URL");
    }

    @Test
    @DisplayName("on a host that does not exist is told by the host")
    void unknownHost() {
        // Longer than a name may be (63, RFC 1035), so that no name server has to be asked.
        String host = "x".repeat(64) + ".invalid";

        assertRefused("redis://" + host).hasMessageContaining("the host " + host + " is unknown");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"redis, 0x2A", "rediss, 0x16"})
    @DisplayName("that accepts and never answers is given up in time, with TLS or without")
    void silent(String scheme, int firstByte) throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            String url = scheme + "://127.0.0.1:" + listener.getLocalPort();
            Duration limit = Duration.ofMillis(100);
            long start = System.nanoTime();

            assertThatThrownBy(() -> RemoteRedis.connect(RedisUrl.parse(url), false, limit))
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasMessageContaining("No Redis at " + url + "/0")
                    .hasMessageContaining("timed out");

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            try (Socket caller = listener.accept()) {
                assertThat(caller.getInputStream().read()).isEqualTo(firstByte);
            }
        }
    }

    /** Refused by somebody on a socket who hears a command out, gives this one answer, and hangs up. */
    private static AbstractThrowableAssert<?, ?> assertRefusedAfter(String answer, String who) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread somebody = new Thread(() -> {
                try (Socket caller = listener.accept()) {
                    caller.getInputStream().read(new byte[1_000]);
                    caller.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException closed) {
                    // The test is over.
                }
            });
            somebody.start();
            AbstractThrowableAssert<?, ?> refused =
                    assertRefused("redis://" + who + "127.0.0.1:" + listener.getLocalPort());
            somebody.join();
            return refused.hasMessageContaining("127.0.0.1:" + listener.getLocalPort() + "/0");
        }
    }

    @Test
    @DisplayName("that is no Redis at all is refused by host and port")
    void noRedis() throws Exception {
        assertRefusedAfter("HTTP/1.1 400 Bad Request\r\n\r\n", "").hasMessageStartingWith("No Redis at redis://");
    }

    @Test
    @DisplayName("that repeats the password in its answer is refused without showing it")
    void echo() throws Exception {
        String answer = "-ERR unknown command `AUTH`, with args beginning with: `s3cret`, \r\n";

        assertRefusedAfter(answer, ":s3cret@")
                .hasMessageContaining("unknown command `AUTH`, with args beginning with: `***`")
                .hasMessageNotContaining("s3cret")
                .hasNoCause();
    }
}
