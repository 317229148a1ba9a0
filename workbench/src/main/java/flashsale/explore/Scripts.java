package flashsale.explore;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    private static final Pattern NO_KEY = Pattern.compile("\\s*(['\"])TIME\\1\\s*\\)", Pattern.CASE_INSENSITIVE);

    private final Map<String, String> textBySha = new HashMap<>();

    /** Remembers the text that a command hands to the server, for whoever calls it by its SHA later. */
    void learn(List<String> words) {
        String name = words.get(0).toUpperCase(Locale.ROOT);
        if (name.startsWith("EVAL") && !name.startsWith("EVALSHA") && words.size() > 1) {
            textBySha.put(sha(words.get(1)), words.get(1));
        } else if (name.equals("SCRIPT") && words.size() > 2 && words.get(1).equalsIgnoreCase("LOAD")) {
            textBySha.put(sha(words.get(2)), words.get(2));
        }
    }

    /** Whether the script that a command runs is known, and touches nothing but what it declares. */
    boolean declareTheirKeys(List<String> words) {
        String name = words.get(0).toUpperCase(Locale.ROOT);
        if (name.startsWith("FCALL") || words.size() < 2) {
            return false;
        }
        String text = name.startsWith("EVALSHA") ? textBySha.get(words.get(1).toLowerCase(Locale.ROOT)) : words.get(1);
        return text != null && touchesOnlyItsKeys(text);
    }

    /** The command with the script's text where it names a script that is known; otherwise as it is. */
    List<String> withText(List<String> words) {
        boolean bySha =
                words.size() > 1 && words.get(0).toUpperCase(Locale.ROOT).startsWith("EVALSHA");
        String text = bySha ? textBySha.get(words.get(1).toLowerCase(Locale.ROOT)) : null;
        if (text == null) {
            return words;
        }
        List<String> withText = new ArrayList<>(words);
        withText.set(1, text);
        return withText;
    }

    static boolean touchesOnlyItsKeys(String text) {
        int calls = 0;
        for (Matcher call = CALL.matcher(text); call.find(); calls++) {
            String arguments = text.substring(call.end());
            if (!NAMED_KEY.matcher(arguments).lookingAt()
                    && !NO_KEY.matcher(arguments).lookingAt()) {
                return false;
            }
        }
        // Whatever else is done with "redis" in the text, redis.call under another name for one, cannot be followed.
        return calls == text.split("redis", -1).length - 1;
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
