package flashsale.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One line among others as SVG, on logarithmic axes that are the same whichever line is in front. */
final class LineChart {

    private static final int WIDTH = 260;
    private static final int HEIGHT = 170;
    private static final int LEFT = 48;
    private static final int RIGHT = 14;
    private static final int TOP = 8;
    private static final int BOTTOM = 20;
    private static final double LEAST_VALUE = 0.01;

    /**
     * A line.
     *
     * @param sizes from 1, ascending
     * @param values one for each size; on the axis, what is below 0.01 stands at 0.01
     */
    record Line(String name, List<Integer> sizes, List<Double> values) {}

    private final double least;
    private final double most;
    private final double largest;

    private LineChart(List<Line> all) {
        List<Double> values = all.stream()
                .flatMap(line -> line.values().stream())
                .map(LineChart::shown)
                .toList();
        least = decade(values.stream().min(Double::compare).orElse(1.0));
        most = Math.max(decade(values.stream().max(Double::compare).orElse(1.0)) * 10, least * 10);
        largest = Math.max(
                2,
                all.stream()
                        .flatMap(line -> line.sizes().stream())
                        .max(Integer::compare)
                        .orElse(2));
    }

    static String of(Line own, List<Line> all, String description) {
        return new LineChart(all).draw(own, all, description + ": " + own.name());
    }

    private String draw(Line own, List<Line> all, String description) {
        StringBuilder svg = new StringBuilder(String.format(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\"><title>%s</title>\n",
                WIDTH, HEIGHT, Html.text(description), Html.text(description)));
        svg.append(String.format(
                "<rect class=\"frame\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n",
                LEFT, TOP, WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM));
        for (double value = least; value <= most * 1.01; value *= 10) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
                    LEFT - 4,
                    y(value) + 4,
                    value < 1 ? String.valueOf(value) : String.valueOf(Math.round(value))));
        }
        own.sizes().stream()
                .filter(size -> Integer.numberOfTrailingZeros(size) % 2 == 0)
                .forEach(size -> svg.append(String.format(
                        Locale.ROOT,
                        "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>",
                        x(size),
                        HEIGHT - 6,
                        size)));
        all.forEach(line -> svg.append(polyline("other", line)));
        svg.append(polyline("own", own));
        for (int i = 0; i < own.sizes().size(); i++) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"/>",
                    x(own.sizes().get(i)),
                    y(own.values().get(i))));
        }
        return svg.append("</svg>").toString();
    }

    private String polyline(String type, Line line) {
        List<String> points = new ArrayList<>();
        for (int i = 0; i < line.sizes().size(); i++) {
            points.add(String.format(
                    Locale.ROOT,
                    "%.1f,%.1f",
                    x(line.sizes().get(i)),
                    y(line.values().get(i))));
        }
        return "<polyline class=\"" + type + "\" points=\"" + String.join(" ", points) + "\"/>\n";
    }

    private double x(double size) {
        return LEFT + Math.log(size) / Math.log(largest) * (WIDTH - LEFT - RIGHT);
    }

    private double y(double value) {
        double part = Math.log(shown(value) / least) / Math.log(most / least);
        return HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM);
    }

    private static double shown(double value) {
        return Math.max(value, LEAST_VALUE);
    }

    /** The power of ten at or below. */
    private static double decade(double value) {
        return Math.pow(10, Math.floor(Math.log10(value) + 1e-9));
    }
}
