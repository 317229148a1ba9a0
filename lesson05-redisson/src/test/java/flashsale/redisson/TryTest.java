package flashsale.redisson;

import flashsale.explore.*;
import flashsale.redis.RedisServers;
import org.junit.jupiter.api.Test;

class TryTest {
    @Test
    void tryIt() {
        Explorer on = Explorer.on(RedisServers.shared());
        for (int n : new int[] {1, 1, 1, 10, 20, 40, 60, 80, 200, 200}) {
            long s = System.nanoTime();
            Exploration e = on.atMost(n).explore(RedissonLesson.WATCHDOG_LOCK_HOLDS);
            System.out.println(n + ": " + e.schedules() + " " + e.cut() + " " + e.verdicts() + " " + (System.nanoTime() - s) / 1e6 + " ms");
        }
        for (int n : new int[] {1, 1, 500, 1000}) {
            long s = System.nanoTime();
            Exploration e = on.atMost(n).count(RedissonLesson.WATCHDOG_LOCK, RedissonLesson.WATCHDOG_LOCK_HOLDS.scenario());
            System.out.println(n + ": " + e.schedules() + " " + e.cut() + " " + e.verdicts() + " " + (System.nanoTime() - s) / 1e6 + " ms");
        }
    }
}
