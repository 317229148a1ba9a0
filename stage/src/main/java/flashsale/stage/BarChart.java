package flashsale.stage;

import java.util.List;
import java.util.Locale;

/** Bars beside each other as SVG, each with its spread. */
final class BarChart {

    private static final int WIDTH = 800;
    private static final int NAMES = 190;
    private static final int NUMBERS = 70;
    private static final int ROW = 24;

    /**
     * One bar: the median, and a line from the least to the most.
     *
     * @param good whether it may be admired; otherwise it is marked
     */
    record Bar(String name, Spread value, boolean good) {}

    private BarChart() {}

    static String of(String description, List<Bar> bars) {
        double most = bars.stream().mapToDouble(bar -> bar.value().most()).max().orElse(1);
        double scale = (WIDTH - NAMES - NUMBERS) / Math.max(most, 1e-9);
        StringBuilder svg = new StringBuilder(String.format(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\"><title>%s</title>\n",
                WIDTH, bars.size() * ROW + 4, Html.text(description), Html.text(description)));
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            int top = i * ROW + 4;
            svg.append(String.format(
                    Locale.ROOT,
                    "<g%s><text class=\"name\" x=\"0\" y=\"%d\">%s</text>"
                            + "<rect class=\"bar\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>"
                            + "<line class=\"range\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>"
                            + "<text x=\"%.1f\" y=\"%d\">%.0f</text></g>\n",
                    bar.good() ? "" : " class=\"bad\"",
                    top + 14,
                    Html.text(bar.good() ? bar.name() : "✘ " + bar.name()),
                    NAMES,
                    top,
                    bar.value().median() * scale,
                    ROW - 6,
                    NAMES + bar.value().least() * scale,
                    NAMES + bar.value().most() * scale,
                    top + 9,
                    top + 9,
                    NAMES + bar.value().most() * scale + 6,
                    top + 14,
                    bar.value().median()));
        }
        return svg.append("</svg>").toString();
    }
}
