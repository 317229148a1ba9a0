package flashsale.stage;

import java.util.List;

/** The lines in which two texts differ, as people are used to read it: what was with a minus, what is with a plus. */
final class Difference {

    private static final int CONTEXT = 2;

    private Difference() {}

    /** @return the lines from the first that differs to the last, with two around them; empty if the texts are equal */
    static String between(String was, String is) {
        List<String> before = was.lines().toList();
        List<String> after = is.lines().toList();
        if (before.equals(after)) {
            return "";
        }
        int head = 0;
        while (head < Math.min(before.size(), after.size()) && before.get(head).equals(after.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < Math.min(before.size(), after.size()) - head
                && before.get(before.size() - 1 - tail).equals(after.get(after.size() - 1 - tail))) {
            tail++;
        }
        StringBuilder text = new StringBuilder();
        append(text, "  ", before.subList(Math.max(0, head - CONTEXT), head));
        append(text, "- ", before.subList(head, before.size() - tail));
        append(text, "+ ", after.subList(head, after.size() - tail));
        int end = before.size() - tail;
        append(text, "  ", before.subList(end, Math.min(before.size(), end + CONTEXT)));
        return text.toString();
    }

    private static void append(StringBuilder text, String mark, List<String> lines) {
        lines.forEach(line -> text.append(mark).append(line).append('\n'));
    }
}
