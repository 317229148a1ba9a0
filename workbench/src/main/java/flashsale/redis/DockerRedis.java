package flashsale.redis;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.PullImageResultCallback;
import com.github.dockerjava.api.exception.NotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;
import org.testcontainers.dockerclient.TransportConfig;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.ImageNameSubstitutor;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;

/**
 * Redis in a container, by <a href="https://java.testcontainers.org/">Testcontainers</a>. The image is {@code redis:8},
 * or what {@code -Dredis.image=…} names.
 */
public final class DockerRedis implements RedisServer {

    private static final int PORT = 6379;

    private static final String DEFAULT_IMAGE = "redis:8";

    /** Some 50 MB, perhaps over a slow line. */
    private static final Duration PULL_LIMIT = Duration.ofSeconds(120);

    /** Testcontainers would wait two minutes for each of its helper's images where no registry can be reached. */
    private static final Duration START_LIMIT = Duration.ofSeconds(30);

    private static final String RYUK_HINT = ". Testcontainers may be waiting for an image of its own: pull"
            + " testcontainers/ryuk, or do without it by TESTCONTAINERS_RYUK_DISABLED=true in the environment";

    private final GenericContainer<?> container;
    private final HostAndPort address;
    private final String description;

    private DockerRedis(GenericContainer<?> container) {
        this.container = container;
        this.address = new HostAndPort(container.getHost(), container.getMappedPort(PORT));
        try (RedisClient client = connect()) {
            // As an option on the command line it would ask more of the image than that it starts a Redis.
            client.configSet("save", "");
            this.description = "Redis " + Clients.version(client.info("server")) + " (Docker, "
                    + container.getDockerImageName() + ") on " + address;
        }
    }

    /** What came of trying to start a container: a server, or the reason why there is none. */
    public sealed interface Attempt {

        /**
         * The server, or what the caller makes of the reason. A test that wants to be skipped writes
         * {@code RedisServers.container().orElseThrow(TestAbortedException::new)}.
         *
         * @param exception makes an exception of the reason, one sentence for humans
         * @throws X if there is no server
         */
        <X extends RuntimeException> DockerRedis orElseThrow(Function<String, X> exception);
    }

    /**
     * The container runs.
     *
     * @param server what answers in it
     */
    public record Started(DockerRedis server) implements Attempt {

        @Override
        public <X extends RuntimeException> DockerRedis orElseThrow(Function<String, X> exception) {
            return server;
        }
    }

    /**
     * There is no container.
     *
     * @param reason why, and what to do about it
     */
    public record Unavailable(String reason) implements Attempt {

        @Override
        public <X extends RuntimeException> DockerRedis orElseThrow(Function<String, X> exception) {
            throw exception.apply(reason);
        }
    }

    /**
     * Starts a container and waits until it accepts connections. That no Docker engine answers, or that the image is
     * neither there nor to be had, is known within a second or so as a rule. It ends in any case: an image gets two
     * minutes to be pulled, a container half a minute to start.
     */
    public static Attempt tryStart() {
        String image = System.getProperty("redis.image", "");
        return tryStart(
                image.isBlank() ? DEFAULT_IMAGE : image.strip(),
                () -> DockerClientFactory.instance().getTransportConfig(),
                PULL_LIMIT);
    }

    /** @param engine how to reach the Docker engine; throws {@link IllegalStateException} if there is none */
    static Attempt tryStart(String image, Supplier<TransportConfig> engine, Duration pullLimit) {
        AtomicBoolean wanted = new AtomicBoolean(true);
        try {
            bounded(pullLimit, "find or pull " + image, "", () -> findOrPull(image, engine));
            return new Started(
                    bounded(START_LIMIT, "start a container of " + image, RYUK_HINT, () -> start(image, wanted)));
        } catch (RedisUnavailableException unavailable) {
            wanted.set(false);
            return new Unavailable(unavailable.getMessage());
        }
    }

    private static <T> T bounded(Duration limit, String what, String hint, Callable<T> task) {
        try {
            return Bounded.call(limit, "Docker: " + what, task);
        } catch (TimeoutException slow) {
            throw new RedisUnavailableException(
                    "Docker did not " + what + " within " + limit.toSeconds() + " s" + hint, slow);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RedisUnavailableException explained) {
                throw explained;
            }
            throw new RedisUnavailableException(
                    "Docker answers, but did not " + what + ": " + oneLine(failure.getCause()) + hint, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new RedisUnavailableException("Interrupted before Docker could " + what, interrupted);
        }
    }

    /**
     * Testcontainers asks these questions too, but goes on asking a registry that cannot be reached for two minutes,
     * and its {@code isDockerAvailable()} throws meanwhile.
     */
    private static Void findOrPull(String image, Supplier<TransportConfig> source)
            throws IOException, InterruptedException {
        TransportConfig engine;
        try {
            engine = source.get();
        } catch (IllegalStateException noEngine) {
            throw new RedisUnavailableException(
                    "No Docker engine answers, and Redis in a container (" + image
                            + ") needs one: start Docker, and see that this user may use it",
                    noEngine);
        }
        DockerImageName name = ImageNameSubstitutor.instance().apply(DockerImageName.parse(image));
        try (DockerClient docker = DockerClientProviderStrategy.getClientForConfig(engine)) {
            docker.inspectImageCmd(name.asCanonicalNameString()).exec();
        } catch (NotFoundException notHere) {
            pull(engine, name);
        }
        return null;
    }

    private static void pull(TransportConfig engine, DockerImageName name) throws IOException, InterruptedException {
        try (DockerClient docker = DockerClientProviderStrategy.getClientForConfig(engine)) {
            docker.pullImageCmd(name.getUnversionedPart())
                    .withTag(name.getVersionPart())
                    .exec(new PullImageResultCallback())
                    .awaitCompletion();
        } catch (RuntimeException refused) {
            throw new RedisUnavailableException(
                    "Docker answers, but has no image " + name + " and could not pull it (" + oneLine(refused)
                            + "): run `docker pull " + name + "` where there is a network, or name another image with"
                            + " -Dredis.image",
                    refused);
        }
    }

    /** A start that was given up may go on behind our back; then it must not leave a container that nobody stops. */
    private static DockerRedis start(String image, AtomicBoolean wanted) {
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(image))
                .withExposedPorts(PORT)
                .withCreateContainerCmdModifier(command -> checkWanted(wanted))
                .waitingFor(Wait.forLogMessage(".*Ready to accept connections.*\\n", 1));
        try {
            container.start();
            DockerRedis server = new DockerRedis(container);
            checkWanted(wanted);
            return server;
        } catch (RuntimeException failure) {
            container.stop();
            throw failure;
        }
    }

    private static void checkWanted(AtomicBoolean wanted) {
        if (!wanted.get()) {
            throw new IllegalStateException("Nobody waits for this container any more");
        }
    }

    private static String oneLine(Throwable failure) {
        return String.valueOf(failure.getMessage()).strip().replaceAll("\\s+", " ");
    }

    @Override
    public HostAndPort address() {
        return address;
    }

    @Override
    public JedisClientConfig clientConfig() {
        return Clients.config(TIMEOUT).build();
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public void close() {
        container.stop();
    }
}
