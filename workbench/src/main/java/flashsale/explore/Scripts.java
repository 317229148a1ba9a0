package flashsale.explore;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a script, or a function, touches only the keys that it declares. Redis asks for that (a cluster needs it), but
 * one server does not check it, so the text is read: the first argument of every call has to be one of {@code KEYS}, and
 * the only key. In doubt the answer is no, and the script is taken to touch everything.
 */
final class Scripts {

    private static final Pattern CALL = Pattern.compile("redis\\s*\\.\\s*p?call\\s*\\(");
    private static final Pattern NO_CALL =
            Pattern.compile("redis\\s*\\.\\s*(error_reply|status_reply|register_function)\\s*\\(");
    private static final Pattern NO_KEY = Pattern.compile("\\s*(['\"])TIME\\1\\s*\\)", Pattern.CASE_INSENSITIVE);

    private static final Pattern LOADS_FUNCTIONS =
            Pattern.compile("FUNCTION LOAD( REPLACE)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern REGISTERED =
            Pattern.compile("register_function\\s*(?:\\(\\s*|\\{\\s*function_name\\s*=\\s*)(['\"])(\\w+)\\1");
    private static final Pattern KEYS_OF_A_FUNCTION = Pattern.compile("\\(\\s*keys\\b");
    /** {@code redis.call(ARGV[4], KEYS[2]}: which command it is, the caller says. */
    private static final Pattern GIVEN_COMMAND = Pattern.compile("\\s*ARGV\\s*\\[\\s*(\\d+)\\s*]\\s*,\\s*KEYS\\s*\\[");

    /** Commands with one key, and channels that are declared as keys. */
    private static final Set<String> MAY_BE_GIVEN = Set.of("PUBLISH", "SPUBLISH");

    /** Commands whose first argument is a key, whatever follows, and no other argument is. */
    private static final Set<String> ONE_KEY =
            Set.of(("GET SET SETNX SETEX PSETEX GETSET GETEX GETDEL INCR INCRBY INCRBYFLOAT DECR DECRBY APPEND STRLEN"
                            + " EXPIRE PEXPIRE EXPIREAT PEXPIREAT PERSIST TTL PTTL TYPE"
                            + " HGET HSET HSETNX HDEL HINCRBY HEXISTS HLEN HGETALL HKEYS HVALS HMGET"
                            + " LPUSH RPUSH LPOP RPOP LLEN LRANGE LINDEX LREM LTRIM LSET"
                            + " SADD SREM SISMEMBER SMEMBERS SCARD SPOP"
                            + " ZADD ZREM ZSCORE ZINCRBY ZCARD ZCOUNT ZRANGE ZRANGEBYSCORE ZREMRANGEBYSCORE ZRANK"
                            + " PUBLISH SPUBLISH"
                            + " XADD XLEN XRANGE XDEL XACK XTRIM XPENDING XCLAIM XAUTOCLAIM")
                    .split(" "));

    private final Map<String, String> textBySha = new HashMap<>();
    private final Set<String> learned = new HashSet<>();
    private final Map<String, Optional<Set<Integer>>> followed = new HashMap<>();
    private final Map<String, String> libraryByFunction = new HashMap<>();

    /** Remembers the text that a command hands to the server, for whoever calls it by its SHA or its name later. */
    void learn(List<String> words) {
        String name = words.get(0).toUpperCase(Locale.ROOT);
        if (name.startsWith("EVAL") && !name.startsWith("EVALSHA") && words.size() > 1) {
            learn(words.get(1));
        } else if (name.equals("SCRIPT") && words.size() > 2 && words.get(1).equalsIgnoreCase("LOAD")) {
            learn(words.get(2));
        } else if (name.equals("FUNCTION")
                && LOADS_FUNCTIONS
                        .matcher(String.join(" ", words.subList(0, words.size() - 1)))
                        .matches()) {
            String library = words.get(words.size() - 1);
            REGISTERED.matcher(library).results().forEach(found -> libraryByFunction.put(found.group(2), library));
        }
    }

    private void learn(String text) {
        if (learned.add(text)) {
            textBySha.put(sha(text), text);
        }
    }

    /** The same command, with the script's text in place of its SHA, if the text is known. */
    List<String> withText(List<String> words) {
        if (words.size() < 2 || !words.get(0).toUpperCase(Locale.ROOT).startsWith("EVALSHA")) {
            return words;
        }
        List<String> spelledOut = new ArrayList<>(words);
        spelledOut.set(1, textBySha.getOrDefault(words.get(1).toLowerCase(Locale.ROOT), words.get(1)));
        return spelledOut;
    }

    /** Whether the script that a command runs is known, and touches nothing but what it declares. */
    boolean declareTheirKeys(List<String> words) {
        String name = words.get(0).toUpperCase(Locale.ROOT);
        if (words.size() < 2) {
            return false;
        }
        if (name.startsWith("FCALL")) {
            String library = libraryByFunction.get(words.get(1));
            return library != null && functionsTouchOnlyTheirKeys(library);
        }
        String text = name.startsWith("EVALSHA") ? textBySha.get(words.get(1).toLowerCase(Locale.ROOT)) : words.get(1);
        return text != null && touchesOnlyItsKeys(text, arguments(words));
    }

    private static List<String> arguments(List<String> words) {
        try {
            return words.subList(3 + Integer.parseInt(words.get(2)), words.size());
        } catch (IndexOutOfBoundsException | IllegalArgumentException refusedByTheServer) {
            return List.of();
        }
    }

    static boolean touchesOnlyItsKeys(String text) {
        return commandsGiven("KEYS", text).equals(Optional.of(Set.of()));
    }

    /** A function gets its keys as a parameter, which has to be called so, and must not be another one's as well. */
    static boolean functionsTouchOnlyTheirKeys(String library) {
        return KEYS_OF_A_FUNCTION.matcher(library).results().count() == 1
                && commandsGiven("keys", library).equals(Optional.of(Set.of()));
    }

    private boolean touchesOnlyItsKeys(String text, List<String> given) {
        return followed.computeIfAbsent(text, known -> commandsGiven("KEYS", known))
                .map(numbers -> numbers.stream()
                        .allMatch(number -> number >= 1
                                && number <= given.size()
                                && MAY_BE_GIVEN.contains(given.get(number - 1).toUpperCase(Locale.ROOT))))
                .orElse(false);
    }

    /** Which arguments of the script name commands; empty if what the script calls cannot be followed. */
    private static Optional<Set<Integer>> commandsGiven(String keys, String text) {
        Pattern assigned = Pattern.compile("\\b" + keys + "\\s*(\\[[^\\]]*\\]\\s*)?=(?!=)");
        Pattern namedKey = Pattern.compile("\\s*(['\"])(\\w+)\\1\\s*,\\s*" + keys + "\\s*\\[[^\\[\\]]+\\]\\s*([,)])");
        if (assigned.matcher(text).find()) {
            return Optional.empty();
        }
        Set<Integer> numbers = new TreeSet<>();
        int calls = 0;
        for (Matcher call = CALL.matcher(text); call.find(); calls++) {
            String arguments = text.substring(call.end());
            Matcher given = GIVEN_COMMAND.matcher(arguments);
            Matcher named = namedKey.matcher(arguments);
            if (given.lookingAt()) {
                numbers.add(Integer.valueOf(given.group(1)));
                continue;
            }
            boolean declared = named.lookingAt()
                    && (named.group(3).equals(")")
                            || ONE_KEY.contains(named.group(2).toUpperCase(Locale.ROOT)));
            if (!declared && !NO_KEY.matcher(arguments).lookingAt()) {
                return Optional.empty();
            }
        }
        // Whatever else is done with "redis" in the text, redis.call under another name for one, cannot be followed.
        boolean nothingElse = calls + NO_CALL.matcher(text).results().count() == text.split("redis", -1).length - 1;
        return nothingElse ? Optional.of(numbers) : Optional.empty();
    }

    private static String sha(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return String.format("%040x", new BigInteger(1, digest));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-1", e);
        }
    }
}
