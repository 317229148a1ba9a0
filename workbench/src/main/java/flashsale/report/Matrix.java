package flashsale.report;

import flashsale.explore.Exploration;
import flashsale.explore.Exploration.Mode;
import flashsale.explore.Schedule;
import flashsale.sale.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What came of many explorations, one row for each: step × scenario, by lesson. */
public final class Matrix {

    /**
     * One result.
     *
     * @param exploration what was explored, and what came of it
     * @param asClaimed whether that is what the lesson says
     */
    public record Row(Exploration exploration, boolean asClaimed) {}

    private static final String GAP = "   ";
    private static final String NOT_CLAIMED = "✘ ";

    private final Collection<List<Row>> steps;
    private final List<Row> rows;
    private final List<List<String>> cells = new ArrayList<>();

    private Matrix(List<Row> rows) {
        this.rows = rows;
        Map<List<String>, List<Row>> byStep = new LinkedHashMap<>();
        for (Row row : rows) {
            String lesson = row.exploration().step().lesson();
            String step = row.exploration().step().name();
            byStep.computeIfAbsent(List.of(lesson, step), s -> new ArrayList<>())
                    .add(row);
        }
        this.steps = byStep.values();
    }

    /**
     * Draws the table, and under it what its words mean.
     *
     * @param rows in the order in which they appear; those of one step belong together
     * @return lines, each with a line feed
     */
    public static String of(List<Row> rows) {
        return new Matrix(rows).draw();
    }

    private String draw() {
        String lesson = "";
        cells.add(List.of("", "schedules", "result", "verdicts", "shortest schedule"));
        for (List<Row> step : steps) {
            String itsLesson = step.get(0).exploration().step().lesson();
            if (!itsLesson.equals(lesson)) {
                cells.add(List.of(itsLesson));
                lesson = itsLesson;
            }
            cells.add(List.of("  " + step.get(0).exploration().step().name()));
            step.forEach(this::addCells);
        }
        List<String> lines = new ArrayList<>(aligned());
        lines.add("");
        lines.addAll(legend());
        return Text.lines(lines);
    }

    /** A line for each verdict; the first one carries what concerns them all. */
    private void addCells(Row row) {
        Exploration exploration = row.exploration();
        String schedules = exploration.schedules() + (exploration.cut() > 0 ? " + " + exploration.cut() + " cut" : "");
        List<String> first = List.of(
                "    " + exploration.scenario().name(),
                schedules,
                (row.asClaimed() ? "" : NOT_CLAIMED) + exploration.result());
        List<List<String>> verdicts = new ArrayList<>();
        exploration.verdicts().forEach((verdict, count) -> {
            String allowed = exploration.scenario().allowed().contains(verdict) ? ", allowed" : "";
            Schedule shortest = exploration.shortest().get(verdict);
            verdicts.add(
                    List.of(share(exploration, verdict, count) + allowed, shortest == null ? "" : shortest.toString()));
        });
        exploration
                .byFault()
                .forEach((verdict, count) ->
                        verdicts.add(List.of(share(exploration, verdict, count) + ", by the fault", "")));
        if (verdicts.isEmpty()) {
            verdicts.add(List.of("none", ""));
        }
        for (int i = 0; i < verdicts.size(); i++) {
            List<String> line = new ArrayList<>(i == 0 ? first : List.of("", "", ""));
            line.addAll(verdicts.get(i));
            cells.add(line);
        }
    }

    private static String share(Exploration exploration, Verdict verdict, int count) {
        return exploration.mode() == Mode.COUNT
                ? verdict + " " + count + " of " + exploration.schedules()
                : verdict.toString();
    }

    /** Headings of lessons and steps have one cell, and do not make the first column wider. */
    private List<String> aligned() {
        int columns = cells.get(0).size();
        int[] widths = new int[columns];
        for (List<String> line : cells) {
            for (int i = 0; i < columns && line.size() > 1; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> line : cells) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < line.size(); i++) {
                text.append(Text.pad(line.get(i), widths[i])).append(GAP);
            }
            lines.add(text.toString());
        }
        return lines;
    }

    private List<String> legend() {
        List<String> legend = new ArrayList<>();
        long unlike = rows.stream().filter(row -> !row.asClaimed()).count();
        legend.add(
                unlike == 0
                        ? "Each result is what its lesson claims."
                        : unlike + " of " + Text.count(rows.size(), "result")
                                + " marked ✘: not what the lesson claims.");
        legend.add("n of m    shares of all schedules of that scenario; they are no probabilities in production");
        legend.add(
                "proved    no verdict (but those that the scenario allows), with these buyers, this stock and these");
        legend.add(
                "          faults, in every interleaving at command granularity on one Redis server, up to swapping");
        legend.add("          commands that touch no common key; a schedule is cut where another stands for it");
        if (rows.stream().map(Row::exploration).anyMatch(Matrix::exposedWithoutCounting)) {
            legend.add("exposed   without n of m: not every schedule was run, and the schedule is the shortest of those"
                    + " that were");
        }
        if (rows.stream().anyMatch(row -> row.exploration().result().equals("bounded"))) {
            legend.add(
                    "bounded   nothing was found, but a cap on attempts or a limit on schedules was reached: no proof");
        }
        return legend;
    }

    private static boolean exposedWithoutCounting(Exploration exploration) {
        return exploration.mode() == Mode.PROVE && exploration.result().equals("exposed");
    }
}
