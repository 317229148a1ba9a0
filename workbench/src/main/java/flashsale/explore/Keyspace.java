package flashsale.explore;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;

/** The explorer's own hands in the database: it looks at leases, ends them, evicts keys and empties the script cache. */
final class Keyspace {

    /** Leases under the explorer are whole seconds, so that the little real time that passes can be rounded away. */
    private static final long GRAIN_MILLIS = 1000;

    private static final long MOST_REAL_MILLIS = 900;

    private static final String LIST_KEYS = "local all = {} "
            + "for _, key in ipairs(redis.call('KEYS', '*')) do "
            + "all[#all + 1] = key; all[#all + 1] = redis.call('PTTL', key) end return all";

    private static final String CONTENTS = "local all = {} local keys = redis.call('KEYS', '*') table.sort(keys) "
            + "for _, key in ipairs(keys) do local type = redis.call('TYPE', key).ok local value "
            + "if type == 'string' then value = redis.call('GET', key) "
            + "elseif type == 'hash' then value = {} for _, field in ipairs(redis.call('HKEYS', key)) do "
            + "value[#value + 1] = field .. '=' .. redis.call('HGET', key, field) end table.sort(value) "
            + "elseif type == 'list' then value = redis.call('LRANGE', key, 0, -1) "
            + "elseif type == 'set' then value = redis.call('SMEMBERS', key) table.sort(value) "
            + "elseif type == 'zset' then value = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES') "
            + "else value = type end "
            + "all[#all + 1] = key .. (redis.call('PTTL', key) < 0 and '' or ' (leased)') all[#all + 1] = value end "
            + "return all";

    private final Connection server;

    Keyspace(Connection server) {
        this.server = server;
    }

    /** All keys in order, with what is left of their lease; null for a key without one. */
    Map<String, Duration> leases() {
        CommandArguments list =
                new CommandArguments(Command.EVAL).add(LIST_KEYS).add(0);
        List<?> reply = (List<?>) server.executeCommand(list);
        Map<String, Duration> leases = new TreeMap<>();
        for (int i = 0; i < reply.size(); i += 2) {
            String key = new String((byte[]) reply.get(i), StandardCharsets.UTF_8);
            long left = (Long) reply.get(i + 1);
            leases.put(key, left < 0 ? null : wholeSeconds(key, left));
        }
        return leases;
    }

    private static Duration wholeSeconds(String key, long leftMillis) {
        long rounded = (leftMillis + GRAIN_MILLIS - 1) / GRAIN_MILLIS * GRAIN_MILLIS;
        if (rounded - leftMillis > MOST_REAL_MILLIS) {
            throw new ExplorerException("the lease of " + key + " has " + leftMillis
                    + " ms left; under the explorer leases and deadlines are whole seconds, because real time is"
                    + " rounded away (or this machine stood still for most of a second: then run it again)");
        }
        return Duration.ofMillis(rounded);
    }

    /** Keys that have a lease. */
    List<String> leased() {
        return keys(true);
    }

    /** Keys that have none, and so may be evicted. */
    List<String> unleased() {
        return keys(false);
    }

    private List<String> keys(boolean leased) {
        List<String> keys = new ArrayList<>();
        leases().forEach((key, left) -> {
            if ((left != null) == leased) {
                keys.add(key);
            }
        });
        return keys;
    }

    void delete(String key) {
        server.executeCommand(new CommandArguments(Command.DEL).add(key));
    }

    void setLease(String key, Duration left) {
        server.executeCommand(new CommandArguments(Command.PEXPIRE).add(key).add(left.toMillis()));
    }

    void flushScripts() {
        server.executeCommand(new CommandArguments(Command.SCRIPT).add("FLUSH"));
    }

    /** The text of a string key, or a dash if there is none, or it is no string. */
    String peek(String key) {
        try {
            Object value = server.executeCommand(new CommandArguments(Command.GET).add(key));
            return value == null ? "-" : new String((byte[]) value, StandardCharsets.UTF_8);
        } catch (JedisDataException notAString) {
            return "-";
        }
    }

    /** All that the database holds, in a fixed order. Leases show as such, without what is left of them. */
    String contents() {
        return CommandText.whole(server.executeCommand(
                new CommandArguments(Command.EVAL).add(CONTENTS).add(0)));
    }
}
