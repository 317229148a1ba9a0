package flashsale.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.opentest4j.TestAbortedException;
import org.testcontainers.dockerclient.TransportConfig;
import redis.clients.jedis.RedisClient;

@DisplayName("Redis in a container")
@Timeout(60)
class DockerRedisTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    /** It names its registry; Testcontainers would ask the engine of this machine for the registry of another. */
    private static final String IMAGE = "registry.invalid/redis:8";

    private static Supplier<TransportConfig> engineAt(InetSocketAddress address) {
        URI uri = URI.create("tcp://127.0.0.1:" + address.getPort());
        return () -> TransportConfig.builder().dockerHost(uri).build();
    }

    private static String reason(DockerRedis.Attempt attempt) {
        assertThat(attempt).isInstanceOf(DockerRedis.Unavailable.class);
        return ((DockerRedis.Unavailable) attempt).reason();
    }

    @Test
    @DisplayName("answers, where there is a Docker engine that has the image")
    void answers() {
        try (DockerRedis redis = DockerRedis.tryStart().orElseThrow(TestAbortedException::new);
                RedisClient client = redis.connect()) {
            assertThat(client.ping()).isEqualTo("PONG");
            assertThat(client.configGet("save")).containsEntry("save", "");
            assertThat(redis.description())
                    .contains(
                            Clients.version(client.info("server")),
                            "Docker",
                            redis.address().toString());
        }
    }

    @Test
    @DisplayName("is not to be had without an engine, and the reason says so")
    void noEngine() {
        Supplier<TransportConfig> none = () -> {
            throw new IllegalStateException("Could not find a valid Docker environment.");
        };

        assertThat(reason(DockerRedis.tryStart("redis:8", none, LONG)))
                .isEqualTo("No Docker engine answers, and Redis in a container (redis:8) needs one: start Docker, and"
                        + " see that this user may use it");
    }

    @Test
    @DisplayName("is not to be had from an engine that has no image and reaches no registry, and the reason says so")
    void noImage() throws IOException {
        HttpServer engine = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        engine.createContext("/", call -> {
            boolean pull = call.getRequestURI().getPath().endsWith("/images/create");
            byte[] answer = (pull ? "{\"message\":\"no such\nhost\"}" : "{\"message\":\"no such image\"}")
                    .getBytes(StandardCharsets.UTF_8);
            call.sendResponseHeaders(pull ? 500 : 404, answer.length);
            call.getResponseBody().write(answer);
            call.close();
        });
        engine.start();
        try {
            assertThat(reason(DockerRedis.tryStart(IMAGE, engineAt(engine.getAddress()), LONG)))
                    .startsWith("Docker answers, but has no image " + IMAGE + " and could not pull it (Status 500")
                    .contains("no such host", "docker pull " + IMAGE, "-Dredis.image")
                    .doesNotContain("\n");
        } finally {
            engine.stop(0);
        }
    }

    @Test
    @DisplayName("is given up in time when the engine takes the question and never answers")
    void silentEngine() throws IOException {
        try (ServerSocket engine = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = (InetSocketAddress) engine.getLocalSocketAddress();

            assertThat(reason(DockerRedis.tryStart("redis:8", engineAt(address), Duration.ofMillis(200))))
                    .isEqualTo("Docker did not find or pull redis:8 within 0 s");
        }
    }

    @Test
    @DisplayName("that is not to be had becomes the exception that the caller wants, such as one that skips a test")
    void skipped() {
        DockerRedis.Attempt attempt = new DockerRedis.Unavailable("no engine");

        assertThatThrownBy(() -> attempt.orElseThrow(TestAbortedException::new))
                .isInstanceOf(TestAbortedException.class)
                .hasMessage("no engine");
    }
}
