package flashsale.lua;

import flashsale.redis.RedisServers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import redis.clients.jedis.RedisClient;

/** A desk on the shared Redis and a database, new for each test and closed after it. */
abstract class DeskTest {

    protected RedisClient redis;
    protected OrdersDatabase database;
    protected OrderDesk desk;

    @BeforeEach
    void open() {
        redis = RedisServers.shared().connect();
        database = new OrdersDatabase();
        desk = new OrderDesk(redis, database, OrderDesk.OF_THE_LESSON);
    }

    @AfterEach
    void close() {
        try {
            redis.close();
        } finally {
            database.close();
        }
    }
}
