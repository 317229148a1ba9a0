package flashsale.redisson;

import flashsale.explore.*;
import flashsale.redis.RedisServers;
import org.junit.jupiter.api.Test;

class TryTest {
    @Test
    void tryIt() {
        Explorer on = Explorer.on(RedisServers.shared()).atMost(20000);
        for (int i = 0; i < 3; i++) {
            long s = System.nanoTime();
            Exploration e = on.explore(RedissonLesson.WATCHDOG_LOCK_HOLDS);
            System.out.println(e.schedules() + " " + e.cut() + " " + e.verdicts() + " " + (System.nanoTime() - s) / 1e6 + " ms");
        }
    }
}
