package flashsale.redisson;

import flashsale.explore.*;
import flashsale.redis.RedisServers;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.*;

class TryTest {
    @Test
    void tryIt() {
        Explorer on = Explorer.on(RedisServers.shared());
        Scenario two = RedissonLesson.WATCHDOG_LOCK_HOLDS.scenario().stock(2);
        on.count(RedissonLesson.WATCHDOG_LOCK, two);
        try (RedisClient c = RedisServers.shared().connect()) {
            c.sendCommand(Protocol.Command.CONFIG, "RESETSTAT");
            long cpu = java.lang.management.ManagementFactory.getPlatformMXBean(
                            com.sun.management.OperatingSystemMXBean.class)
                    .getProcessCpuTime();
            long s = System.nanoTime();
            Exploration e = on.count(RedissonLesson.WATCHDOG_LOCK, two);
            long t = System.nanoTime() - s;
            cpu = java.lang.management.ManagementFactory.getPlatformMXBean(
                                    com.sun.management.OperatingSystemMXBean.class)
                            .getProcessCpuTime()
                    - cpu;
            System.out.println(e.schedules() + " in " + t / 1e6 + " = " + e.schedules() / (t / 1e9) + "/s, cpu of jvm "
                    + cpu / 1e6);
            System.out.println(new String((byte[]) c.sendCommand(Protocol.Command.INFO, "commandstats")));
        }
    }
}
