package flashsale.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The results of a race as text. */
final class RaceTable {

    private static final String NAME = "%-27s";
    private static final int SIZE_WIDTH = 9;

    private RaceTable() {}

    /** Draws the table, and under it what its words mean. */
    static String of(RaceResult race) {
        List<String> lines = new ArrayList<>(List.of(heading(race), ""));
        lines.add(row("", RaceColumn::title));
        String lesson = "";
        for (Standing each : race.standings()) {
            if (!each.lesson().equals(lesson)) {
                lesson = each.lesson();
                lines.add(lesson);
            }
            lines.add(row("  " + each.name(), column -> column.cell(each, race)));
        }
        lines.add("");
        if (race.redisBenchmark() != null) {
            lines.add(redisBenchmark(race.redisBenchmark()));
            lines.add("");
        }
        for (RaceColumn column : RaceColumn.values()) {
            lines.add(String.format("%-10s %s", column.title(), column.meaning()));
        }
        for (GrowthMeasure measure : race.growth().isEmpty() ? new GrowthMeasure[0] : GrowthMeasure.values()) {
            lines.addAll(growth(race, measure));
        }
        return lines.stream().map(line -> line.stripTrailing() + "\n").collect(Collectors.joining());
    }

    /** What was done, and where. */
    static String heading(RaceResult race) {
        return race.workload() + ", " + race.rounds() + (race.rounds() == 1 ? " round" : " rounds") + " · "
                + race.server() + " · " + race.machine();
    }

    /** What another program says of the same command. */
    static String redisBenchmark(double purchasesASecond) {
        return String.format(
                Locale.ROOT, "redis-benchmark sends the same script %.0f times a second.", purchasesASecond);
    }

    private static String row(String name, Function<RaceColumn, String> cell) {
        StringBuilder row = new StringBuilder(String.format(NAME, name));
        for (RaceColumn column : RaceColumn.values()) {
            row.append(
                    column.width() == 0
                            ? "   " + cell.apply(column)
                            : String.format(" %" + (column.width() - 1) + "s", cell.apply(column)));
        }
        return row.toString();
    }

    private static List<String> growth(RaceResult race, GrowthMeasure measure) {
        List<String> lines = new ArrayList<>(List.of("", measure.title() + "; ✘: the books were not clean"));
        lines.add(sizes("  buyers at once", race, crowd -> String.valueOf(crowd.buyers())));
        for (int i = 0; i < race.standings().size(); i++) {
            int entrant = i;
            lines.add(sizes(
                    "  " + race.nameInGrowth(i),
                    race,
                    crowd -> measure.text(crowd.standings().get(entrant))));
        }
        return lines;
    }

    private static String sizes(String name, RaceResult race, Function<RaceResult.Growth, String> cell) {
        StringBuilder row = new StringBuilder(String.format(NAME, name));
        race.growth().forEach(crowd -> row.append(String.format("%" + SIZE_WIDTH + "s", cell.apply(crowd))));
        return row.toString();
    }
}
