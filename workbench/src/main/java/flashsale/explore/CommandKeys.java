package flashsale.explore;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Which keys a command names, and which of these it may write. The server itself is asked, once per command text
 * (<a href="https://redis.io/docs/latest/commands/command-getkeysandflags/">COMMAND GETKEYSANDFLAGS</a>, Redis 7.0).
 */
final class CommandKeys {

    private static final int MOST_REMEMBERED = 10_000;
    private static final Set<String> SCRIPT_CALLS = Set.of("EVALSHA", "EVALSHA_RO");
    private static final Set<String> SCRIPT_LOADS = Set.of("EVAL", "EVAL_RO", "SCRIPT");

    /** These change nothing when their reply is 0. */
    private static final Set<String> ZERO_WRITES_NOTHING = Set.of(
            "SETNX", "HSETNX", "MSETNX", "DEL", "UNLINK", "EXPIRE", "PEXPIRE", "PERSIST", "SADD", "SREM", "HDEL",
            "ZREM");

    /**
     * What a command names.
     *
     * @param unknown whether the server could not tell, so that the command must be taken to touch everything
     */
    record Named(Set<String> reads, Set<String> writes, boolean unknown) {

        /** The same keys, all of them only read. */
        Named onlyRead() {
            Set<String> all = new HashSet<>(reads);
            all.addAll(writes);
            return new Named(all, Set.of(), unknown);
        }
    }

    private static final CommandArguments KEYS_COUNTER = new CommandArguments(Command.INFO).add("persistence");
    private static final CommandArguments BOTH_COUNTERS =
            new CommandArguments(Command.INFO).add("persistence").add("memory");

    private static final Pattern KEYS_CHANGED = Pattern.compile("rdb_changes_since_last_save:\\d+");
    private static final Pattern SCRIPTS_CACHED = Pattern.compile("number_of_cached_scripts:\\d+");

    private final Connection server;
    private final Scripts scripts = new Scripts();
    private final Map<List<String>, Named> remembered = new HashMap<>();
    private boolean scriptCacheMatters;

    /** @param scriptCacheMatters whether it does from the start; otherwise it does from the first EVALSHA on */
    CommandKeys(Connection server, boolean scriptCacheMatters) {
        this.server = server;
        this.scriptCacheMatters = scriptCacheMatters;
    }

    /**
     * Whether anybody can tell what is in the script cache. {@code EVAL} alone cannot: it does the same whether its
     * script is there or not.
     */
    boolean scriptCacheMatters() {
        return scriptCacheMatters;
    }

    /** Remembers the text of a script that was loaded without being asked about. */
    void learn(List<String> words) {
        scripts.learn(words);
    }

    /** The same command, with a script's text in place of its SHA, if the text is known. */
    List<String> withText(List<String> words) {
        return scripts.withText(words);
    }

    /** What a command names when it is about to be sent. */
    Named of(List<String> words) {
        if (runsAScript(words.get(0).toUpperCase(Locale.ROOT))) {
            return ask(words); // it says itself which keys it names
        }
        List<String> shape = RandomNames.blank(words);
        Named named = remembered.get(shape);
        if (named == null) {
            if (remembered.size() == MOST_REMEMBERED) {
                remembered.clear();
            }
            named = ask(words);
            if (Stream.of(named.reads(), named.writes()).flatMap(Set::stream).noneMatch(RandomNames::isRandom)) {
                remembered.put(shape, named);
            }
        }
        return named;
    }

    /** What a command did, seen from its reply: what was refused, or found nothing to do, only read. */
    Named of(List<String> words, Object reply) {
        Named named = of(words);
        if (named.writes().isEmpty() || !wroteNothing(words, reply)) {
            return named;
        }
        return named.onlyRead();
    }

    /** Whether this runs a script, whose reply alone does not tell whether it wrote. */
    static boolean runsAScript(String name) {
        return name.startsWith("EVAL") || name.startsWith("FCALL");
    }

    /** Asks how much the server has changed so far: keys, and its script cache where that matters. */
    CommandArguments counters() {
        return scriptCacheMatters ? BOTH_COUNTERS : KEYS_COUNTER;
    }

    /** Whether two replies to {@link #counters()} say that nothing that matters was changed between them. */
    boolean nothingChanged(Object before, Object after) {
        return same(KEYS_CHANGED, before, after) && (!scriptCacheMatters || same(SCRIPTS_CACHED, before, after));
    }

    private static boolean same(Pattern counter, Object before, Object after) {
        Matcher first = counter.matcher(text(before));
        Matcher second = counter.matcher(text(after));
        return first.find() && second.find() && first.group().equals(second.group());
    }

    private static boolean wroteNothing(List<String> words, Object reply) {
        String name = words.get(0).toUpperCase(Locale.ROOT);
        return (reply instanceof JedisDataException && !runsAScript(name))
                || (reply == null && name.equals("SET") && words.stream().noneMatch("GET"::equalsIgnoreCase))
                || (reply instanceof Long number && number == 0 && ZERO_WRITES_NOTHING.contains(name));
    }

    @SuppressWarnings("unchecked")
    private Named ask(List<String> words) {
        Set<String> reads = new HashSet<>();
        Set<String> writes = new HashSet<>();
        String name = words.get(0).toUpperCase(Locale.ROOT);
        scripts.learn(words);
        if (!scriptCacheMatters && (SCRIPT_CALLS.contains(name) || name.equals("SCRIPT"))) {
            scriptCacheMatters = true;
            remembered.clear();
        }
        if (SCRIPT_CALLS.contains(name)) {
            reads.add(Effect.SCRIPT_CACHE);
        } else if (SCRIPT_LOADS.contains(name) && scriptCacheMatters) {
            writes.add(Effect.SCRIPT_CACHE);
            if (name.equals("SCRIPT")) {
                return new Named(reads, writes, false);
            }
        }
        if (runsAScript(name)) {
            Optional<List<String>> declared = declaredKeys(words);
            if (declared.isPresent()) {
                (name.endsWith("_RO") ? reads : writes).addAll(declared.get());
                boolean unknown = declared.get().isEmpty() || !scripts.declareTheirKeys(words);
                return new Named(Set.copyOf(reads), Set.copyOf(writes), unknown);
            }
        }
        CommandArguments question = new CommandArguments(Command.COMMAND).add("GETKEYSANDFLAGS");
        words.forEach(question::add);
        List<Object> keys;
        try {
            keys = (List<Object>) server.executeCommand(question);
        } catch (JedisDataException noKeysOrUnknownCommand) {
            return new Named(reads, writes, true);
        }
        for (Object entry : keys) {
            List<Object> keyAndFlags = (List<Object>) entry;
            String key = text(keyAndFlags.get(0));
            boolean readOnly = false;
            for (Object flag : (Iterable<Object>) keyAndFlags.get(1)) {
                readOnly |= text(flag).equals("RO");
            }
            (readOnly ? reads : writes).add(key);
        }
        if (writes.isEmpty() && changesData(name)) {
            // Some commands are described as only reading a key whose value they change: XREADGROUP moves a group on.
            writes.addAll(reads);
            reads.clear();
        }
        boolean unknown = keys.isEmpty() || (runsAScript(name) && !scripts.declareTheirKeys(words));
        return new Named(Set.copyOf(reads), Set.copyOf(writes), unknown);
    }

    /** A script call says itself how many of its arguments are keys; empty if it says so wrongly. */
    private static Optional<List<String>> declaredKeys(List<String> words) {
        try {
            return Optional.of(words.subList(3, 3 + Integer.parseInt(words.get(2))));
        } catch (IndexOutOfBoundsException | IllegalArgumentException refusedByTheServer) {
            return Optional.empty();
        }
    }

    @SuppressWarnings("unchecked")
    private boolean changesData(String name) {
        List<Object> infos = (List<Object>) server.executeCommand(
                new CommandArguments(Command.COMMAND).add("INFO").add(name));
        if (infos.isEmpty() || infos.get(0) == null) {
            return true;
        }
        for (Object flag : (Iterable<Object>) ((List<Object>) infos.get(0)).get(2)) {
            if (text(flag).equalsIgnoreCase("write")) {
                return true;
            }
        }
        return false;
    }

    private static String text(Object bytes) {
        return bytes instanceof byte[] raw ? new String(raw, StandardCharsets.UTF_8) : String.valueOf(bytes);
    }
}
