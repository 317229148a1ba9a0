package flashsale.redisson;

import flashsale.redis.RedisServer;
import flashsale.redis.RedisServers;
import redis.clients.jedis.Jedis;

/**
 * The server of all tests, empty. The explorer leaves its last schedule behind: a lock that is still held there, or a
 * request that is remembered, is nobody's any more, but a test outside the explorer would wait for the one and be
 * answered by the other.
 */
final class EmptyRedis {

    private EmptyRedis() {}

    /** Empties the shared server's database. */
    static RedisServer shared() {
        RedisServer server = RedisServers.shared();
        Ask.it(server, Jedis::flushDB);
        return server;
    }
}
