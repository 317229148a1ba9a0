package flashsale.stage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The results of a race as one HTML file that needs nothing else; every number in a picture stands in a table, too. */
final class RacePage {

    private RacePage() {}

    static String of(RaceResult race) {
        return template()
                .replace("{{subtitle}}", Html.text(RaceTable.heading(race)))
                .replace("{{sections}}", standings(race) + growth(race));
    }

    private static String template() {
        try (InputStream page = RacePage.class.getResourceAsStream("race.html")) {
            return new String(page.readAllBytes(), UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String standings(RaceResult race) {
        String caption = "Purchases answered a second: the bar is the median, the thin line goes from the slowest round"
                + " to the fastest. ✘: the books are not clean.";
        String bars = BarChart.of(
                caption,
                race.standings().stream()
                        .map(each -> new BarChart.Bar(each.name(), each.answersASecond(), each.isClean()))
                        .toList());
        List<RaceColumn> columns = List.of(RaceColumn.values());
        String rows = race.standings().stream()
                .map(each -> "<tr" + (each.isClean() ? "" : " class=\"bad\"") + ">"
                        + Html.cells("th", List.of(each.name()))
                        + Html.cells(
                                "td",
                                columns.stream()
                                        .map(column -> column.cell(each, race))
                                        .toList())
                        + "</tr>\n")
                .collect(Collectors.joining());
        String meanings = columns.stream()
                .map(column ->
                        Html.cells("dt", List.of(column.title())) + Html.cells("dd", List.of(column.meaning())) + "\n")
                .collect(Collectors.joining());
        String benchmark = race.redisBenchmark() == null
                ? ""
                : "<p>" + Html.text(RaceTable.redisBenchmark(race.redisBenchmark())) + "</p>\n";
        return "<section>\n<h2>Purchases</h2>\n<figure class=\"bars\"><figcaption>" + Html.text(caption)
                + "</figcaption>" + bars + "</figure>\n"
                + table("results", "", columns.stream().map(RaceColumn::title).toList(), rows)
                + benchmark
                + "<dl>\n" + meanings + "</dl>\n</section>\n";
    }

    private static String growth(RaceResult race) {
        if (race.growth().isEmpty()) {
            return "";
        }
        StringBuilder sections = new StringBuilder();
        for (GrowthMeasure measure : GrowthMeasure.values()) {
            List<LineChart.Line> lines = lines(race, measure);
            String panels = lines.stream()
                    .map(own -> "<figure><figcaption>" + Html.text(own.name()) + "</figcaption>"
                            + LineChart.of(own, lines, measure.title()) + "</figure>\n")
                    .collect(Collectors.joining());
            List<String> sizes = race.growth().stream()
                    .map(crowd -> String.valueOf(crowd.buyers()))
                    .toList();
            sections.append("<section>\n<h2>")
                    .append(Html.text(measure.title()))
                    .append("</h2>\n<p class=\"quiet\">Both axes are logarithmic and the same in all pictures;"
                            + " grey lines are the others. ✘: the books were not clean.</p>\n<div class=\"panels\">\n")
                    .append(panels)
                    .append("</div>\n")
                    .append(table("sizes", "Buyers at once", sizes, rows(race, measure::text)))
                    .append("</section>\n");
        }
        return sections.toString();
    }

    private static List<LineChart.Line> lines(RaceResult race, GrowthMeasure measure) {
        List<Integer> sizes =
                race.growth().stream().map(RaceResult.Growth::buyers).toList();
        return Html.indexes(race.standings())
                .map(i -> new LineChart.Line(
                        race.nameInGrowth(i),
                        sizes,
                        race.growth().stream()
                                .map(crowd -> measure.value(crowd.standings().get(i)))
                                .toList()))
                .toList();
    }

    private static String rows(RaceResult race, Function<Standing, String> value) {
        return Html.indexes(race.standings())
                .map(i -> "<tr>"
                        + Html.cells("th", List.of(race.nameInGrowth(i)))
                        + Html.cells(
                                "td",
                                race.growth().stream()
                                        .map(crowd ->
                                                value.apply(crowd.standings().get(i)))
                                        .toList())
                        + "</tr>\n")
                .collect(Collectors.joining());
    }

    private static String table(String type, String corner, List<String> columns, String rows) {
        return "<div class=\"wide\"><table class=\"" + type + "\">\n<thead><tr>" + Html.cells("th", List.of(corner))
                + Html.cells("th", columns) + "</tr></thead>\n<tbody>\n" + rows + "</tbody>\n</table></div>\n";
    }
}
