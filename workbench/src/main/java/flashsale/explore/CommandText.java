package flashsale.explore;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.args.Rawable;
import redis.clients.jedis.exceptions.JedisDataException;

/** Writes commands and replies as a person would. */
final class CommandText {

    private static final int LONGEST = 60;
    private static final int LONGEST_TITLE = 30;

    private CommandText() {}

    /** The command's name and arguments. */
    static List<String> words(CommandArguments command) {
        List<String> words = new ArrayList<>(command.size());
        for (Rawable word : command) {
            words.add(new String(word.getRaw(), StandardCharsets.UTF_8));
        }
        return words;
    }

    /** One line, with short names for the keys of the sale. */
    static String of(List<String> words, KeyNames names) {
        return clip(names.shortenAllIn(String.join(" ", namingTheScript(words))).replaceAll("\\s+", " "), LONGEST);
    }

    /**
     * A script stands as its first line, which may be a comment that names it: {@code EVAL(delete if mine) lock 1}. A
     * function stands as its name.
     */
    private static List<String> namingTheScript(List<String> words) {
        if (words.size() < 3
                || !words.get(0).toUpperCase(Locale.ROOT).matches("(EVAL|EVALSHA|FCALL)(_RO)?")
                || words.get(1).matches("\\p{XDigit}{40}")) {
            return words;
        }
        String first = words.get(1).strip().lines().findFirst().orElse("").replaceFirst("^--+\\s*", "");
        List<String> shorter = new ArrayList<>(List.of(words.get(0) + "(" + clip(first, LONGEST_TITLE) + ")"));
        shorter.addAll(words.subList(3, words.size()));
        return shorter;
    }

    /** A transaction on one line, with what it holds. */
    static String ofTransaction(List<List<String>> queued, KeyNames names) {
        List<String> texts = new ArrayList<>();
        queued.forEach(words -> texts.add(of(words, names)));
        return "EXEC(" + String.join("; ", texts) + ")";
    }

    /** A reply, cut to what fits a line. */
    static String reply(String whole) {
        return clip(whole, LONGEST);
    }

    /** A reply as Redis gives it. */
    static String whole(Object reply) {
        if (reply == null) {
            return "nil";
        } else if (reply instanceof byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        } else if (reply instanceof List<?> list) {
            return "[" + String.join(", ", list.stream().map(CommandText::whole).toList()) + "]";
        } else if (reply instanceof JedisDataException error) {
            return "error " + error.getMessage();
        }
        return String.valueOf(reply);
    }

    private static String clip(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest - 1) + "…";
    }
}
