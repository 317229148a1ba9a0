package flashsale.explore;

import flashsale.explore.CommonBeginning.Exchange;
import flashsale.explore.CommonBeginning.Sending;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    /** What Redisson's semaphores call the set of their permits, whose scores say when each ends. */
    private static final String PERMITS = ":timeout";

    private static final String LIST_PERMITS = "local all = {} "
            + "for _, key in ipairs(redis.call('KEYS', '*" + PERMITS + "')) do "
            + "if redis.call('TYPE', key).ok == 'zset' then "
            + "for _, each in ipairs(redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')) do "
            + "if #all % 3 == 0 then all[#all + 1] = key end all[#all + 1] = each end end end return all";

    /** Redisson's score of a permit that does not end is later. */
    private static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");

    private static final Pattern EXPIRED = Pattern.compile("expired_keys:\\d+");

    private final Connection server;
    private final CommonBeginning common;
    private final IntSupplier choice;
    private boolean hasPermits;
    private boolean leasesMatter;
    private String expired;
    private long began;

    /** @param choice the number of the choice that is under way */
    Keyspace(Connection server, CommonBeginning common, IntSupplier choice) {
        this.server = server;
        this.common = common;
        this.choice = choice;
        this.expired = expired();
    }

    private Object ask(CommandArguments question) {
        return execute(question, true);
    }

    private void change(CommandArguments command) {
        execute(command, false);
    }

    private Object execute(CommandArguments command, boolean asks) {
        Sending sending = Sending.of(null, List.of(command), asks);
        Optional<Exchange> repeated = common.repeat(choice.getAsInt(), sending);
        if (repeated.isPresent()) {
            return repeated.get().reply().orElse(null);
        }
        Object reply = server.executeCommand(command);
        common.remember(choice.getAsInt(), sending, Exchange.of(reply));
        return reply;
    }

    /** A schedule begins. */
    void begin() {
        began = System.nanoTime();
        leasesMatter = false;
    }

    /**
     * At the end of a schedule: so much real time must not have passed that a lease looks a whole second shorter, or ends.
     *
     * @throws ExplorerException if it has
     */
    void checkRealTime() {
        long millis = (System.nanoTime() - began) / 1_000_000;
        if (millis >= GRAIN_MILLIS && (leasesMatter || anyHasExpired())) {
            throw ExplorerException.byRealTime("a schedule took " + millis
                    + " ms, and leases are told apart by seconds; this machine is too busy, or it stood still");
        }
    }

    private boolean anyHasExpired() {
        String before = expired;
        expired = expired();
        return !expired.equals(before);
    }

    /** How many keys the server has taken away because their leases were over; in a schedule it never does. */
    private String expired() {
        Matcher count = EXPIRED.matcher(text(server.executeCommand(new CommandArguments(Command.INFO).add("stats"))));
        return count.find() ? count.group() : "";
    }

    /** All keys in order, with what is left of their lease; null for a key without one. */
    Map<String, Duration> leases() {
        CommandArguments list =
                new CommandArguments(Command.EVAL).add(LIST_KEYS).add(0);
        List<?> reply = (List<?>) ask(list);
        Map<String, Duration> leases = new TreeMap<>();
        for (int i = 0; i < reply.size(); i += 2) {
            String key = new String((byte[]) reply.get(i), StandardCharsets.UTF_8);
            long left = (Long) reply.get(i + 1);
            leasesMatter |= left >= 0;
            leases.put(key, left < 0 ? null : wholeSeconds("the lease of " + key, left));
        }
        return leases;
    }

    /** A time that is left, without the little real time that has passed since it was whole seconds. */
    static Duration wholeSeconds(String what, long leftMillis) {
        long rounded = (leftMillis + GRAIN_MILLIS - 1) / GRAIN_MILLIS * GRAIN_MILLIS;
        if (rounded - leftMillis > MOST_REAL_MILLIS) {
            throw ExplorerException.byRealTime(what + " has " + leftMillis
                    + " ms left; under the explorer leases and deadlines are whole seconds, because real time is"
                    + " rounded away (or this machine stood still for most of a second, again and again)");
        }
        return Duration.ofMillis(rounded);
    }

    /** Whether a key of this name holds permits; from then on they are looked for. */
    boolean holdsPermits(String key) {
        boolean holds = key.endsWith(PERMITS);
        hasPermits |= holds;
        return holds;
    }

    /**
     * A lease that is no key's, but a score's: a buyer's permits of a semaphore of Redisson's.
     *
     * @param key of the set that holds them
     * @param buyer whose they are
     */
    record Permits(String key, String buyer) {

        private static final String OF = "/";

        /** What a lease of this name is; empty if it is a key's. */
        static Optional<Permits> named(String lease) {
            int end = lease.indexOf(PERMITS + OF);
            return end < 0
                    ? Optional.empty()
                    : Optional.of(new Permits(
                            lease.substring(0, end + PERMITS.length()),
                            lease.substring(end + PERMITS.length() + OF.length())));
        }

        /** {@code sale:{concert}:permits:timeout/Alice}. */
        @Override
        public String toString() {
            return key + OF + buyer;
        }
    }

    /** Every buyer's permits, and when the first of them ends; what has ended before this instant is left out. */
    Map<String, Instant> permitsAfter(Instant now) {
        Map<String, Instant> ends = new TreeMap<>();
        listPermits((permits, id, end) -> {
            if (end.isAfter(now) && end.isBefore(NEVER)) {
                ends.merge(permits.toString(), end, (one, other) -> one.isBefore(other) ? one : other);
            }
        });
        return ends;
    }

    /** Redisson's clients compare scores with their clocks, so permits end when their scores are in the past. */
    void end(Permits which) {
        listPermits((permits, id, end) -> {
            if (permits.equals(which)) {
                change(new CommandArguments(Command.ZADD)
                        .add(permits.key())
                        .add("XX")
                        .add(0)
                        .add(id));
            }
        });
    }

    private interface PermitVisitor {
        void visit(Permits permits, byte[] id, Instant end);
    }

    private void listPermits(PermitVisitor visitor) {
        if (!hasPermits) {
            return;
        }
        List<?> all = (List<?>)
                ask(new CommandArguments(Command.EVAL).add(LIST_PERMITS).add(0));
        for (int i = 0; i < all.size(); i += 3) {
            byte[] id = (byte[]) all.get(i + 1);
            visitor.visit(new Permits(text(all.get(i)), BuyersIds.buyerOf(text(id))), id, Instant.ofEpochMilli((long)
                    Double.parseDouble(text(all.get(i + 2)))));
        }
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
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
        change(new CommandArguments(Command.DEL).add(key));
    }

    void setLease(String key, Duration left) {
        change(new CommandArguments(Command.PEXPIRE).add(key).add(left.toMillis()));
    }

    void flushScripts() {
        change(new CommandArguments(Command.SCRIPT).add("FLUSH"));
    }

    /** The text of a string key, or a dash if there is none, or it is no string. */
    String peek(String key) {
        try {
            Object value = ask(new CommandArguments(Command.GET).add(key));
            return value == null ? "-" : new String((byte[]) value, StandardCharsets.UTF_8);
        } catch (JedisDataException notAString) {
            return "-";
        }
    }

    /** All that the database holds, in a fixed order. Leases show as such, without what is left of them. */
    String contents() {
        return CommandText.whole(
                ask(new CommandArguments(Command.EVAL).add(CONTENTS).add(0)));
    }
}
