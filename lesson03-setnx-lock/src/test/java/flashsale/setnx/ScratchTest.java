package flashsale.setnx;

import flashsale.explore.*;
import flashsale.redis.RedisServers;
import org.junit.jupiter.api.Test;

class ScratchTest {
    void run(String mode, Step step, Scenario s) {
        long t = System.nanoTime();
        Explorer e = Explorer.on(RedisServers.shared());
        Exploration x = mode.equals("count") ? e.count(step, s) : e.prove(step, s);
        double sec = (System.nanoTime() - t) / 1e9;
        System.out.printf(
                "%-6s %-20s %-50s %s run %d cut %d capped %d  %s %s  %.1fs %.0f/s%n",
                mode,
                step.name(),
                s.name(),
                x.result(),
                x.schedules(),
                x.cut(),
                x.capped(),
                x.verdicts(),
                x.shortest(),
                sec,
                (x.schedules() + x.cut()) / sec);
    }

    @Test
    void all() {
        try (var r = RedisServers.shared().connect()) {
            for (Claim c :
                    new Claim[] {SetnxLesson.BLIND_DELETE_FREES_ANOTHERS_LOCK, SetnxLesson.FENCED_PURCHASE_SURVIVES_BOTH
                    }) {
                r.configSet("slowlog-max-len", "1");
                r.sendCommand(redis.clients.jedis.Protocol.Command.CONFIG, "RESETSTAT");
                run(c.counted() ? "count" : "prove", c.step(), c.scenario());
                System.out.println(r.info("commandstats"));
            }
        }
    }
}
