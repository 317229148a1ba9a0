package flashsale.explore;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
 * Whether a script touches only the keys that it declares. Redis asks for that (a cluster needs it), but one server does
 * not check it, so the text is read: the first argument of every call has to be one of {@code KEYS}. In doubt the answer
 * is no, and the script is taken to touch everything.
 */
final class Scripts {

    private static final Pattern CALL = Pattern.compile("redis\\s*\\.\\s*p?call\\s*\\(");
    private static final Pattern NAMED_KEY = Pattern.compile("\\s*(['\"])\\w+\\1\\s*,\\s*KEYS\\s*\\[");
    /** {@code redis.call(ARGV[4], KEYS[2]}: which command it is, the caller says. */
    private static final Pattern GIVEN_COMMAND = Pattern.compile("\\s*ARGV\\s*\\[\\s*(\\d+)\\s*]\\s*,\\s*KEYS\\s*\\[");

    /** Commands with one key, and channels that are declared as keys. */
    private static final Set<String> MAY_BE_GIVEN = Set.of("PUBLISH", "SPUBLISH");

    private static final Pattern NO_KEY = Pattern.compile("\\s*(['\"])TIME\\1\\s*\\)", Pattern.CASE_INSENSITIVE);

    private final Map<String, String> textBySha = new HashMap<>();
    private final Set<String> learned = new HashSet<>();
    private final Map<String, Optional<Set<Integer>>> followed = new HashMap<>();

    /** Remembers the text that a command hands to the server, for whoever calls it by its SHA later. */
    void learn(List<String> words) {
        String name = words.get(0).toUpperCase(Locale.ROOT);
        if (name.startsWith("EVAL") && !name.startsWith("EVALSHA") && words.size() > 1) {
            learn(words.get(1));
        } else if (name.equals("SCRIPT") && words.size() > 2 && words.get(1).equalsIgnoreCase("LOAD")) {
            learn(words.get(2));
        }
    }

    private void learn(String text) {
        if (learned.add(text)) {
            textBySha.put(sha(text), text);
        }
    }

    /** Whether the script that a command runs is known, and touches nothing but what it declares. */
    boolean declareTheirKeys(List<String> words) {
        String name = words.get(0).toUpperCase(Locale.ROOT);
        if (name.startsWith("FCALL") || words.size() < 2) {
            return false;
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
        return commandsGiven(text).equals(Optional.of(Set.of()));
    }

    private boolean touchesOnlyItsKeys(String text, List<String> given) {
        return followed.computeIfAbsent(text, Scripts::commandsGiven)
                .map(numbers -> numbers.stream()
                        .allMatch(number -> number >= 1
                                && number <= given.size()
                                && MAY_BE_GIVEN.contains(given.get(number - 1).toUpperCase(Locale.ROOT))))
                .orElse(false);
    }

    /** Which arguments of the script name commands; empty if what the script calls cannot be followed. */
    private static Optional<Set<Integer>> commandsGiven(String text) {
        Set<Integer> numbers = new TreeSet<>();
        int calls = 0;
        for (Matcher call = CALL.matcher(text); call.find(); calls++) {
            String arguments = text.substring(call.end());
            Matcher given = GIVEN_COMMAND.matcher(arguments);
            if (given.lookingAt()) {
                numbers.add(Integer.valueOf(given.group(1)));
            } else if (!NAMED_KEY.matcher(arguments).lookingAt()
                    && !NO_KEY.matcher(arguments).lookingAt()) {
                return Optional.empty();
            }
        }
        // Whatever else is done with "redis" in the text, redis.call under another name for one, cannot be followed.
        return calls == text.split("redis", -1).length - 1 ? Optional.of(numbers) : Optional.empty();
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
