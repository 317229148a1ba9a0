package flashsale.stage;

import flashsale.sale.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** A column of the race's results, in whatever they are printed. */
enum RaceColumn {
    ANSWERED(
            "answered",
            10,
            "purchases answered a second, median",
            (each, race) -> whole(each.answersASecond().median())),
    SPREAD(
            "from–to",
            15,
            "the slowest and the fastest round",
            (each, race) -> whole(each.answersASecond().least()) + "–"
                    + whole(each.answersASecond().most())),
    LIMIT(
            "limit",
            7,
            "answered, as a share of the bare script's on as many connections; by more than"
                    + " the spread, only who sends several purchases in one write comes above 1.00",
            (each, race) -> decimals(2, race.ofTheLimit(each))),
    SOLD(
            "sold",
            8,
            "tickets sold a second, median",
            (each, race) -> each.isLimit() ? "" : whole(each.ticketsASecond().median())),
    P50(
            "p50 ms",
            8,
            "half of all purchases were answered in so many milliseconds",
            (each, race) -> decimals(2, each.p50Micros() / 1e3)),
    P99("p99 ms", 8, "99 of 100 purchases", (each, race) -> decimals(2, each.p99Micros() / 1e3)),
    MAX("max ms", 8, "the slowest purchase", (each, race) -> decimals(1, each.maxMicros() / 1e3)),
    TRIPS(
            "trips",
            7,
            "round trips for each purchase: how often the server read something",
            (each, race) -> decimals(2, each.roundTrips().median())),
    SERVER(
            "server",
            8,
            "CPU time of the server for each purchase, in microseconds",
            (each, race) -> decimals(1, each.serverMicros().median())),
    WAITS(
            "waits",
            7,
            "polls that found a lock taken, and aborted transactions, for each purchase; what Redisson waits for"
                    + " inside is not seen, but its questions are among the trips",
            (each, race) -> each.isLimit() ? "" : decimals(1, each.waits().median())),
    BOOKS("books", 0, "what the audit found; who is fast and not clean has won nothing", (each, race) -> books(each));

    private final String title;
    private final int width;
    private final String meaning;
    private final BiFunction<Standing, RaceResult, String> cell;

    RaceColumn(String title, int width, String meaning, BiFunction<Standing, RaceResult, String> cell) {
        this.title = title;
        this.width = width;
        this.meaning = meaning;
        this.cell = cell;
    }

    String title() {
        return title;
    }

    /** In a table of text, on the right of so many characters; 0 for a column that begins on the left. */
    int width() {
        return width;
    }

    String meaning() {
        return meaning;
    }

    String cell(Standing standing, RaceResult race) {
        return cell.apply(standing, race);
    }

    private static String books(Standing each) {
        if (each.isLimit()) {
            return "";
        }
        if (each.isClean()) {
            return "clean";
        }
        List<String> wrong =
                each.verdicts().stream().map(Verdict::name).collect(Collectors.toCollection(ArrayList::new));
        if (each.neverAsked() > 0) {
            wrong.add("(time was up for " + each.neverAsked() + ")");
        }
        return "✘ " + String.join(" ", wrong);
    }

    private static String whole(double value) {
        return decimals(0, value);
    }

    private static String decimals(int places, double value) {
        return String.format(Locale.ROOT, "%." + places + "f", value);
    }
}
