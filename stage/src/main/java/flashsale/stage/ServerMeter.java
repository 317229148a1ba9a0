package flashsale.stage;

import java.util.HashMap;
import java.util.Map;
import redis.clients.jedis.UnifiedJedis;

/**
 * Reads what a server has done so far from <a href="https://redis.io/docs/latest/commands/info/">INFO</a>: {@code
 * total_reads_processed} for the round trips, {@code commandstats} for the commands, {@code used_cpu_*} for the CPU.
 */
final class ServerMeter {

    private static final Load INFO_ITSELF = new Load(1, 1, 0);

    private final UnifiedJedis redis;
    private Load start = new Load(0, 0, 0);

    /** @param redis a client of its own: what it sends is not counted */
    ServerMeter(UnifiedJedis redis) {
        this.redis = redis;
    }

    void start() {
        start = read();
    }

    /** What happened since {@link #start}. */
    Load stop() {
        Load now = read();
        return new Load(
                now.roundTrips() - start.roundTrips() - INFO_ITSELF.roundTrips(),
                now.commands() - start.commands() - INFO_ITSELF.commands(),
                now.cpuMicros() - start.cpuMicros());
    }

    private Load read() {
        return of(redis.info("everything"));
    }

    /** @throws IllegalStateException if the server does not tell */
    static Load of(String info) {
        Map<String, String> values = new HashMap<>();
        long commands = 0;
        for (String line : info.lines().toList()) {
            int colon = line.indexOf(':');
            if (line.startsWith("cmdstat_")) {
                commands += Long.parseLong(line.replaceFirst(".*:calls=(\\d+),.*", "$1"));
            } else if (colon > 0) {
                values.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        if (!values.containsKey("total_reads_processed")) {
            throw new IllegalStateException("the server does not say how many requests it read"
                    + " (total_reads_processed in INFO); Redis does so from 6.2 on, Valkey always");
        }
        double cpuSeconds =
                Double.parseDouble(values.get("used_cpu_user")) + Double.parseDouble(values.get("used_cpu_sys"));
        return new Load(Long.parseLong(values.get("total_reads_processed")), commands, cpuSeconds * 1e6);
    }
}
