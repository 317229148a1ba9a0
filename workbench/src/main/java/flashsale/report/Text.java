package flashsale.report;

import java.util.List;

/** Small things that are done with text in columns. */
final class Text {

    /** How wide a report is where its content allows it. */
    static final int WIDTH = 110;

    private Text() {}

    /** The text on one line: a line break or any other control character becomes a blank. */
    static String oneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]+", " ");
    }

    /** At most so many characters; what was cut shows as an ellipsis. */
    static String clip(String text, int width) {
        return text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + "…";
    }

    /** Blanks on the right up to this width. */
    static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    /** Blanks on the left up to this width. */
    static String padLeft(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    /** {@code 1 buyer}, {@code 2 buyers}. */
    static String count(long number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    /** The lines, none with blanks at its end, each with a line feed. */
    static String lines(List<String> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.stripTrailing()).append('\n'));
        return text.toString();
    }
}
