package flashsale.report;

import flashsale.explore.Exploration;
import flashsale.explore.Exploration.Mode;
import flashsale.sale.Verdict;
import java.util.ArrayList;
import java.util.List;

/** How many of all schedules go wrong, in words; only counting every schedule gives numbers that are shares. */
final class Shares {

    private Shares() {}

    /** One line for each verdict, such as {@code 12 of 16 interleavings oversell.}; none if nobody counted. */
    static List<String> of(Exploration exploration) {
        List<String> lines = new ArrayList<>();
        if (exploration.mode() != Mode.COUNT) {
            return lines;
        }
        String all = (exploration.finished() ? "" : "the first ")
                + exploration.schedules()
                + (exploration.scenario().faultKinds().isEmpty() ? " interleaving" : " schedule")
                + (exploration.schedules() == 1 ? " " : "s ");
        exploration
                .verdicts()
                .forEach((verdict, count) -> lines.add(count + " of " + all + predicate(verdict, count) + "."));
        exploration
                .byFault()
                .forEach((verdict, count) ->
                        lines.add(count + " of " + all + predicate(verdict, count) + " by the fault alone."));
        if (lines.isEmpty()) {
            lines.add("None of " + all + (exploration.schedules() == 1 ? "goes" : "go") + " wrong.");
        }
        if (exploration.capped() > 0) {
            lines.add(exploration.capped() + " of " + all + predicate("stop a buyer", exploration.capped())
                    + " at the cap on attempts.");
        }
        if (!exploration.finished()) {
            lines.add("The search stopped at its limit on schedules: there are more than these.");
        }
        return lines;
    }

    private static String predicate(Verdict verdict, int schedules) {
        return predicate(
                switch (verdict) {
                    case OVERSOLD -> "oversell";
                    case LOST_STOCK -> "lose stock";
                    case PHANTOM_STOCK -> "leave a sold unit on sale";
                    case LOST_ORDER -> "lose an order";
                    case PHANTOM_ORDER -> "record an order that its buyer was never told of";
                    case OVER_LIMIT -> "exceed the limit";
                    case TURNED_AWAY -> "turn a buyer away while units remain";
                    case GAVE_UP -> "give up while units remain";
                    case WRONG_LIMIT -> "refuse a buyer below the limit";
                    case FAILED -> "make a purchase throw";
                    case STUCK -> "get stuck";
                },
                schedules);
    }

    /** Twelve interleavings oversell; one oversells. */
    private static String predicate(String plural, int subjects) {
        return subjects == 1 ? plural.replaceFirst("^\\w+", "$0s") : plural;
    }
}
