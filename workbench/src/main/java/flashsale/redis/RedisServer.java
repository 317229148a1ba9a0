package flashsale.redis;

import java.time.Duration;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;

/**
 * A running Redis server that the workbook may write to. Whoever starts one closes it; the one from
 * {@link RedisServers#shared()} is closed by the JVM's shutdown.
 */
public sealed interface RedisServer extends AutoCloseable permits EmbeddedRedis, DockerRedis, RemoteRedis {

    /** How long a client waits for a connection, for a reply, or for a free place in its pool: 10 seconds. */
    Duration TIMEOUT = Duration.ofSeconds(10);

    /** Where the server listens. */
    HostAndPort address();

    /**
     * How to talk to it: user, password, database and TLS where a URL gave them, and {@link #TIMEOUT} for everything
     * that waits, blocking commands such as {@code BLPOP} included, so that no test can hang.
     */
    JedisClientConfig clientConfig();

    /** One line for humans, such as {@code Redis 7.0.15 (embedded) on 127.0.0.1:20123}; never holds a password. */
    String description();

    /**
     * An ordinary client with a pool of up to eight connections. The caller closes it.
     *
     * @return a client that connects with its first command
     */
    default RedisClient connect() {
        return Clients.connect(address(), clientConfig());
    }

    /** Stops a server that the workbook started, and tidies a server that it was given. Closing twice does no harm. */
    @Override
    void close();
}
