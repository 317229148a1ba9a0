package flashsale.explore;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Writes the random values of one schedule (UUIDs) as {@code uuid-1}, {@code uuid-2} and so on, in the order in which
 * they appear: a reader can tell them apart, and the same schedule prints alike every time.
 */
final class RandomNames {

    private static final Pattern UUID =
            Pattern.compile("\\p{XDigit}{8}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{12}");

    private static final int LENGTH = 36;

    private final Map<String, String> names = new HashMap<>();

    /** Whether there is a random value in the text. */
    static boolean isRandom(String text) {
        return text.length() >= LENGTH && UUID.matcher(text).find();
    }

    /** The same words, all random values alike. */
    static List<String> blank(List<String> words) {
        return words.stream().anyMatch(RandomNames::isRandom)
                ? words.stream().map(RandomNames::blank).toList()
                : words;
    }

    /** The same text, all random values alike. */
    static String blank(String text) {
        return isRandom(text) ? UUID.matcher(text).replaceAll("uuid") : text;
    }

    /** All random values in the text. */
    static List<String> all(String text) {
        return UUID.matcher(text).results().map(MatchResult::group).toList();
    }

    /** The same text, with other random values in place of those that it holds. */
    static String replaced(String text, Map<String, String> others) {
        return isRandom(text)
                ? UUID.matcher(text).replaceAll(found -> others.getOrDefault(found.group(), found.group()))
                : text;
    }

    /** The same bytes, with other random values in place of those that they hold. */
    static byte[] replaced(byte[] bytes, Map<String, String> others) {
        if (bytes.length < LENGTH || others.isEmpty()) {
            return bytes;
        }
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return replaced(text, others).getBytes(StandardCharsets.ISO_8859_1);
    }

    String in(String text) {
        return text.length() < LENGTH
                ? text
                : UUID.matcher(text)
                        .replaceAll(
                                found -> names.computeIfAbsent(found.group(), uuid -> "uuid-" + (names.size() + 1)));
    }

    List<String> in(List<String> words) {
        return words.stream().map(this::in).toList();
    }
}
