package flashsale.report;

import flashsale.explore.Effort;
import flashsale.explore.Pace;
import flashsale.explore.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a sale of one unit costs as the crowd grows: a row for each size, with a bar. */
public final class EffortTable {

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
        lines.add(step.lesson().replaceFirst("-.*", "") + " · " + step.name()
                + " · a unit for each buyer; all numbers are per sale");
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

    private static double roundTrips(Effort effort) {
        return effort.sold() == 0 ? 0 : (double) effort.roundTrips() / effort.sold();
    }

    private static String perSale(Effort effort, int count) {
        return effort.sold() == 0 ? "-" : String.format(Locale.ROOT, "%.1f", (double) count / effort.sold());
    }
}
