package flashsale.redis;

import java.time.Duration;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;

/** Jedis clients that never wait for ever. */
final class Clients {

    private Clients() {}

    /** Jedis waits two seconds for a reply by default, but without end in a blocking command. */
    static DefaultJedisClientConfig.Builder config(Duration timeout) {
        int millis = Math.toIntExact(timeout.toMillis());
        return DefaultJedisClientConfig.builder().timeoutMillis(millis).blockingSocketTimeoutMillis(millis);
    }

    /** The pool's own default is to wait without end for a free connection. */
    static RedisClient connect(HostAndPort address, JedisClientConfig config) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxWait(RedisServer.TIMEOUT);
        return RedisClient.builder()
                .hostAndPort(address)
                .clientConfig(config)
                .poolConfig(pool)
                .build();
    }

    /**
     * What a server calls itself, such as {@code 7.0.15}.
     *
     * @param info its answer to {@code INFO server}
     */
    static String version(String info) {
        return info.lines()
                .filter(line -> line.startsWith("redis_version:"))
                .map(line -> line.substring("redis_version:".length()).strip())
                .findFirst()
                .orElse("of unknown version");
    }
}
