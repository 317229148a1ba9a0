package flashsale.explore;

import java.lang.StackWalker.StackFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes the scripts of Redisson's objects by what they do: {@code EVAL(lock) lock}, {@code EVAL(renew) lock}. What a
 * script does, the method of Redisson's that sends it says, which stands on the stack of whoever sends it.
 */
final class RedissonScripts {

    private static final String OBJECTS = "org.redisson";
    private static final String RENEWALS = "org.redisson.renewal";
    private static final String LOCK = "lock";

    /** What every caller shares, whatever it does. */
    private static final List<String> PASSING_ON = List.of("eval", "lambda$", "synced", "access$");

    /** What waits for the reply. */
    private static final String WAITS = "get";

    private static final Map<String, Optional<String>> TITLES = new ConcurrentHashMap<>();

    private RedissonScripts() {}

    /** A command as the timeline shows it: for a script of Redisson's own, its title and the keys that a reader knows. */
    static List<String> shown(List<String> words) {
        Optional<String> title = title(words);
        if (title.isEmpty()) {
            return words.stream().map(BuyersIds::shown).toList();
        }
        List<String> shown = new ArrayList<>(List.of(words.get(0) + "(" + title.get() + ")"));
        int keys = Integer.parseInt(words.get(2));
        words.subList(3, 3 + keys).stream()
                .filter(key -> !key.contains("redisson_") && !RandomNames.isRandom(key))
                .forEach(shown::add);
        return shown;
    }

    /** Its reply: a lock that is held replies what is left of its lease, which in virtual time is whole seconds. */
    static Object shown(List<String> words, Object reply) {
        if (!title(words).equals(Optional.of(LOCK))) {
            return reply;
        } else if (reply instanceof List<?> leaseAndToken && !leaseAndToken.isEmpty()) {
            List<Object> shown = new ArrayList<>(leaseAndToken);
            shown.set(0, wholeSeconds(shown.get(0)));
            return shown;
        }
        return wholeSeconds(reply);
    }

    private static Object wholeSeconds(Object left) {
        return left instanceof Long millis && millis > 0 ? (Object) VirtualTime.wholeMillis(millis) : left;
    }

    private static Optional<String> title(List<String> words) {
        return words.size() < 3 || !words.get(0).toUpperCase(Locale.ROOT).matches("EVAL(_RO)?")
                ? Optional.empty()
                : TITLES.computeIfAbsent(words.get(1), text -> titleFromTheStack());
    }

    private static Optional<String> titleFromTheStack() {
        return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .walk(frames -> frames.filter(RedissonScripts::knowsWhatItDoes).findFirst())
                .map(RedissonScripts::titleOf);
    }

    private static boolean knowsWhatItDoes(StackFrame frame) {
        String of = frame.getDeclaringClass().getPackageName();
        return (of.equals(OBJECTS) || of.equals(RENEWALS))
                && !frame.getClassName().endsWith("Batch")
                && !frame.getMethodName().equals(WAITS)
                && PASSING_ON.stream().noneMatch(frame.getMethodName()::startsWith);
    }

    /** {@code tryLockInnerAsync} is "lock", {@code trySetPermitsAsync} is "try set permits". */
    private static String titleOf(StackFrame frame) {
        if (frame.getDeclaringClass().getPackageName().equals(RENEWALS)) {
            return "renew";
        }
        String title = frame.getMethodName()
                .replaceAll("Inner|Async|\\d", "")
                .replaceAll("(\\p{Lu})", " $1")
                .toLowerCase(Locale.ROOT);
        return title.equals("try lock") ? LOCK : title;
    }
}
