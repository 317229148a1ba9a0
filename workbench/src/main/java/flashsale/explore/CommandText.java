package flashsale.explore;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.args.Rawable;
import redis.clients.jedis.exceptions.JedisDataException;

/** Writes commands and replies as a person would. */
final class CommandText {

    private static final int LONGEST = 60;

    private CommandText() {}

    /** The command's name and arguments. */
    static List<String> words(CommandArguments command) {
        List<String> words = new ArrayList<>(command.size());
        for (Rawable word : command) {
            words.add(new String(word.getRaw(), StandardCharsets.UTF_8));
        }
        return words;
    }

    /** One line, with the prefix that all keys of a sale share left out. */
    static String of(List<String> words, String keyPrefix) {
        return clip(String.join(" ", words).replace(keyPrefix, "").replaceAll("\\s+", " "));
    }

    /** A transaction on one line, with what it holds. */
    static String ofTransaction(List<List<String>> queued, String keyPrefix) {
        List<String> texts = new ArrayList<>();
        queued.forEach(words -> texts.add(of(words, keyPrefix)));
        return "EXEC(" + String.join("; ", texts) + ")";
    }

    /** A reply as Redis gives it, cut to what fits a line. */
    static String reply(Object reply) {
        return clip(whole(reply));
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

    private static String clip(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
    }
}
