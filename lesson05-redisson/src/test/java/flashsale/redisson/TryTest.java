package flashsale.redisson;

import flashsale.explore.*;
import flashsale.redis.RedisServers;
import org.junit.jupiter.api.Test;

class TryTest {
    @Test
    void tryIt() {
        Explorer on = Explorer.on(RedisServers.shared());
        for (Claim c : RedissonLesson.claims()) {
            long s = System.nanoTime();
            Exploration e = on.explore(c);
            System.out.println(c + ": " + e.schedules() + " " + e.cut() + " " + e.verdicts() + " " + e.capped() + " "
                    + (System.nanoTime() - s) / 1e6 + " ms");
            e.counterexample().ifPresent(x -> System.out.println(x));
            e.counterexample()
                    .ifPresent(x -> on.replay(c.step(), c.scenario(), x).trace().forEach(System.out::println));
        }
        on.replay(
                        RedissonLesson.WATCHDOG_LOCK,
                        RedissonLesson.WATCHDOG_LOCK_HOLDS.scenario(),
                        Schedule.parse("1A,2B,3A,tick:A,3B,tick:B"))
                .trace()
                .forEach(System.out::println);
    }
}
