package flashsale.report;

import flashsale.explore.Effort;
import flashsale.explore.Pace;
import flashsale.explore.Step;
import flashsale.sale.Finding;
import flashsale.sale.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a sale of one unit costs as the crowd grows: of one step with a row for each size, or of several side by side. */
public final class EffortTable {

    private static final int CELL = 7;
    private static final String GAP = "   ";
    private static final int LONGEST_BAR = 40;
    private static final String ROW = "%6s   %11s   %7s   %11s   %7s   %s";

    private EffortTable() {}

    /**
     * Draws the table, and under it what its words mean.
     *
     * @param step the step
     * @param efforts for each pace, the same sizes of the crowd in the same order
     * @return lines, each with a line feed
     */
    public static String of(Step step, Map<Pace, List<Effort>> efforts) {
        List<Effort> apart = efforts.get(Pace.ONE_AFTER_THE_OTHER);
        List<Effort> lockStep = efforts.get(Pace.LOCK_STEP);
        double most =
                lockStep.stream().mapToDouble(EffortTable::roundTrips).max().orElse(0);
        List<String> lines = new ArrayList<>();
        lines.add(title(step) + " · a unit for each buyer; all numbers are per sale");
        lines.add("");
        lines.add(" ".repeat(9) + Text.pad("one after the other", 24) + "in lock-step");
        lines.add(String.format(
                ROW, "buyers", "round trips", "aborted", "round trips", "aborted", "round trips in lock-step"));
        for (int i = 0; i < lockStep.size(); i++) {
            Effort best = apart.get(i);
            Effort worst = lockStep.get(i);
            int bar = most == 0 ? 0 : (int) Math.ceil(roundTrips(worst) / most * LONGEST_BAR);
            lines.add(String.format(
                    ROW,
                    worst.buyers(),
                    perSale(best, best.roundTrips()),
                    perSale(best, best.aborted()),
                    perSale(worst, worst.roundTrips()),
                    perSale(worst, worst.aborted()),
                    "█".repeat(bar)));
        }
        lines.add("");
        lines.add("round trips    how often a buyer's client waits for the server");
        lines.add("aborted        transactions that do nothing because a watched key was written");
        lines.add("in lock-step   each buyer in turn sends one command, so all have read before one writes");
        return Text.lines(lines);
    }

    /**
     * Draws one table of several steps: a row for each, a column for each size of the crowd.
     *
     * @param efforts for each step, in the order of the rows, what {@link #of} takes; the same sizes for all
     * @return lines, each with a line feed
     */
    public static String comparing(Map<Step, Map<Pace, List<Effort>>> efforts) {
        int width = efforts.keySet().stream()
                .mapToInt(step -> title(step).length())
                .max()
                .orElse(0);
        List<Effort> sizes = efforts.values().stream().findFirst().orElseThrow().get(Pace.LOCK_STEP);
        String crowds = cells(sizes, effort -> String.valueOf(effort.buyers()));
        List<String> lines = new ArrayList<>();
        lines.add("round trips per sale · a unit for each buyer");
        lines.add("");
        lines.add(" ".repeat(width) + GAP + Text.pad("one after the other", crowds.length()) + GAP + "in lock-step");
        lines.add(Text.pad("buyers", width) + GAP + crowds + GAP + crowds);
        efforts.forEach((step, byPace) -> lines.add(Text.pad(title(step), width)
                + GAP
                + cells(byPace.get(Pace.ONE_AFTER_THE_OTHER), EffortTable::roundTripsPerSale)
                + GAP
                + cells(byPace.get(Pace.LOCK_STEP), EffortTable::roundTripsPerSale)
                + GAP
                + whatIsWrong(byPace)));
        lines.add("");
        lines.add("Each number is from one fixed schedule, so it is the same in every run.");
        lines.add("round trips           how often a buyer's client waits for the server");
        lines.add("one after the other   each buyer finishes before the next begins");
        lines.add("in lock-step          each buyer in turn sends one command, so all have read before one writes;");
        lines.add("                      who waits for a lock asks again when it has changed, and no sooner");
        return Text.lines(lines);
    }

    private static String title(Step step) {
        return step.lesson().replaceFirst("-.*", "") + " · " + step.name();
    }

    private static String cells(List<Effort> efforts, Function<Effort, String> cell) {
        return efforts.stream()
                .map(effort -> Text.padLeft(cell.apply(effort), CELL))
                .collect(Collectors.joining());
    }

    private static String roundTripsPerSale(Effort effort) {
        return perSale(effort, effort.roundTrips());
    }

    /** The verdicts, lest somebody takes the cheapest row for the best. */
    private static String whatIsWrong(Map<Pace, List<Effort>> byPace) {
        return byPace.values().stream()
                .flatMap(List::stream)
                .flatMap(effort -> effort.findings().stream())
                .map(Finding::verdict)
                .distinct()
                .sorted()
                .map(Verdict::name)
                .collect(Collectors.joining(", "));
    }

    private static double roundTrips(Effort effort) {
        return effort.sold() == 0 ? 0 : (double) effort.roundTrips() / effort.sold();
    }

    private static String perSale(Effort effort, int count) {
        return effort.sold() == 0 ? "-" : String.format(Locale.ROOT, "%.1f", (double) count / effort.sold());
    }
}
