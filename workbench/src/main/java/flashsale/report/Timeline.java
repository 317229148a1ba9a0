package flashsale.report;

import flashsale.explore.Counterexample;
import flashsale.explore.Exploration;
import flashsale.explore.Scenario;
import flashsale.sale.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One schedule as a table: a column for each buyer, a row for each thing that happens. */
public final class Timeline {

    private static final String GAP = "   ";
    private static final int NUMBER_WIDTH = 2;
    private static final int LINE_WIDTH = 4;

    private Timeline() {}

    /**
     * Draws a schedule: what was played, what is wrong, every command with its reply, the stock after it and the line
     * of the step that sent it.
     *
     * @param schedule the schedule, replayed
     * @param exploration how many schedules go wrong like this one, if somebody counted; any other exploration adds
     *     nothing
     * @param replayCommand what to type to see the same again, printed on a line of its own; blank for nothing
     * @return lines, each with a line feed
     */
    public static String of(Counterexample schedule, Optional<Exploration> exploration, String replayCommand) {
        List<String> lines = new ArrayList<>(heading(schedule));
        lines.add("");
        lines.addAll(table(schedule));
        List<String> shares = exploration.map(Shares::of).orElse(List.of());
        if (!shares.isEmpty() || !replayCommand.isBlank()) {
            lines.add("");
        }
        lines.addAll(shares);
        if (!replayCommand.isBlank()) {
            lines.add("Replay:");
            lines.add(replayCommand);
        }
        return Text.lines(lines);
    }

    private static List<String> heading(Counterexample schedule) {
        Scenario scenario = schedule.scenario();
        String step = schedule.step().lesson().replaceFirst("-.*", "") + " · "
                + schedule.step().name() + " · " + scenario.name();
        String sale = "stock " + scenario.stock()
                + (scenario.limit().isPresent() ? " · limit " + scenario.limit().getAsInt() : "")
                + " · " + Text.count(scenario.buyers().size(), "buyer");
        List<String> findings = findings(schedule);
        String size = (schedule.faults() == 0 ? "" : Text.count(schedule.faults(), "fault") + " · ")
                + Text.count(schedule.preemptions(), "preemption") + " · " + Text.count(schedule.commands(), "command");

        int left = Math.max(step.length(), findings.get(0).length()) + 2 * GAP.length();
        List<String> lines = new ArrayList<>();
        lines.add(Text.pad(step, left) + sale);
        lines.add(Text.pad(findings.get(0), left) + size);
        lines.addAll(findings.subList(1, findings.size()));
        return lines;
    }

    private static List<String> findings(Counterexample schedule) {
        if (schedule.findings().isEmpty()) {
            return List.of("Nothing is wrong");
        }
        int width = schedule.findings().stream()
                .mapToInt(finding -> finding.verdict().name().length())
                .max()
                .orElse(0);
        return schedule.findings().stream()
                .map(finding -> finding(finding, width))
                .toList();
    }

    private static String finding(Finding finding, int width) {
        String mark = finding.byFault() ? " (by the fault)" : "";
        String verdict = Text.pad(finding.verdict().name(), width) + "  ";
        int room = Text.WIDTH - verdict.length() - mark.length();
        return verdict + Text.clip(Text.oneLine(finding.evidence()), room) + mark;
    }

    private static List<String> table(Counterexample schedule) {
        List<String> names =
                schedule.scenario().buyers().stream().map(Scenario.Buyer::name).toList();
        List<TimelineRow> rows = schedule.trace().stream()
                .map(entry -> TimelineRow.of(entry, schedule.scenario()))
                .toList();
        int stockWidth = rows.stream().mapToInt(row -> row.stock().length()).reduce("stock".length(), Math::max);
        int room = Text.WIDTH - NUMBER_WIDTH - stockWidth - LINE_WIDTH - 3 * GAP.length();
        TimelineColumns columns = new TimelineColumns(names, rows, room);

        List<String> lines = new ArrayList<>();
        lines.add(" ".repeat(NUMBER_WIDTH) + GAP + columns.names(names) + GAP + Text.pad("stock", stockWidth) + GAP
                + "line");
        for (TimelineRow row : rows) {
            lines.add(Text.padLeft(String.valueOf(lines.size()), NUMBER_WIDTH)
                    + GAP
                    + columns.place(row)
                    + GAP
                    + Text.pad(row.stock(), stockWidth)
                    + GAP
                    + row.line());
        }
        return lines;
    }
}
