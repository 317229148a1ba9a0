package flashsale.stage;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Guesses what somebody meant who mistyped a name. */
final class Nearest {

    private Nearest() {}

    /**
     * Ends a message about a name that is unknown: with what was meant, or with what there is.
     *
     * @param typed the name that is unknown
     * @param names those that are known, at least one
     */
    static String hint(String typed, Collection<String> names) {
        String all = (names.size() == 1 ? "there is only " : "there are ") + String.join(", ", names);
        return to(typed, names).map(name -> "did you mean " + name + "?").orElse(all);
    }

    /** The name that is fewest keystrokes away; empty if none is near enough to be meant. */
    static Optional<String> to(String typed, Collection<String> names) {
        return names.stream()
                .min(Comparator.comparingInt(name -> keystrokes(typed, name)))
                .filter(name -> keystrokes(typed, name) <= Math.max(2, name.length() / 3));
    }

    /** Letters to insert, to delete or to replace, so that one becomes the other; upper and lower case are one. */
    static int keystrokes(String from, String to) {
        String a = from.toLowerCase(Locale.ROOT);
        String b = to.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
