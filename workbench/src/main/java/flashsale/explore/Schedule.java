package flashsale.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An order of choices, short enough to type: {@code 2A,expire:lock,5B,crash:A} is two commands of A, the lease of the
 * lock ends early, five commands of B, and A's process dies.
 *
 * @param choices what happens, in order
 */
public record Schedule(List<Choice> choices) {

    private static final Pattern COMMANDS = Pattern.compile("(\\d{0,4})([A-Za-z])");
    private static final String EXAMPLE = "a schedule looks like 1A,3B,2A or 2A,expire:lock,5B,crash:A";

    /** Copies the list. */
    public Schedule {
        choices = List.copyOf(choices);
    }

    /**
     * Reads what {@link #toString} writes. Blanks around commas do not matter.
     *
     * @throws IllegalArgumentException naming the part that is not understood
     */
    public static Schedule parse(String text) {
        List<Choice> choices = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String token = part.strip();
            Matcher commands = COMMANDS.matcher(token);
            if (commands.matches()) {
                int count = commands.group(1).isEmpty() ? 1 : Integer.parseInt(commands.group(1));
                if (count == 0) {
                    throw malformed(text, token);
                }
                for (int i = 0; i < count; i++) {
                    choices.add(new Choice.Next(buyer(commands.group(2))));
                }
            } else {
                choices.add(parseNamed(text, token));
            }
        }
        return new Schedule(choices);
    }

    private static Choice parseNamed(String text, String token) {
        if (token.equals("flush")) {
            return new Choice.FlushScripts();
        }
        int colon = token.indexOf(':');
        String name = colon < 0 ? "" : token.substring(0, colon);
        String target = colon < 0 ? "" : token.substring(colon + 1);
        boolean aBuyer = target.matches("[A-Za-z]");
        if (name.equals("begin") && aBuyer) {
            return new Choice.Begin(buyer(target));
        } else if (name.equals("tick") && aBuyer) {
            return new Choice.Tick(buyer(target));
        } else if (name.equals("crash") && aBuyer) {
            return new Choice.Crash(buyer(target));
        } else if (name.equals("lose") && aBuyer) {
            return new Choice.LoseReply(buyer(target));
        } else if (name.equals("wake") && aBuyer) {
            return new Choice.Wake(buyer(target));
        } else if (name.equals("expire") && !target.isBlank()) {
            return new Choice.Expire(target);
        } else if (name.equals("evict") && !target.isBlank()) {
            return new Choice.Evict(target);
        } else if (name.equals("time") && !target.isBlank()) {
            return new Choice.LeaseEnd(target);
        }
        throw malformed(text, token);
    }

    private static int buyer(String letter) {
        return Character.toUpperCase(letter.charAt(0)) - 'A';
    }

    private static IllegalArgumentException malformed(String text, String token) {
        return new IllegalArgumentException("schedule \"" + text + "\": cannot read \"" + token + "\"; " + EXAMPLE);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < choices.size(); ) {
            int next = i + 1;
            if (choices.get(i) instanceof Choice.Next) {
                while (next < choices.size() && choices.get(next).equals(choices.get(i))) {
                    next++;
                }
                text.append(next - i);
            }
            text.append(choices.get(i)).append(next < choices.size() ? "," : "");
            i = next;
        }
        return text.toString();
    }
}
