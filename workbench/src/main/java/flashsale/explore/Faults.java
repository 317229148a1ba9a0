package flashsale.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What may go wrong in one schedule.
 *
 * @param kinds the kinds of fault that may strike
 * @param budget how many faults at most, of all kinds together
 * @param when at which moments; {@link #ANY_TIME} unless the scenario confines them
 */
record Faults(Set<Fault> kinds, int budget, Predicate<Scenario.Moment> when) {

    static final Predicate<Scenario.Moment> ANY_TIME = moment -> true;

    static final Faults NONE = new Faults(Set.of(), 0, ANY_TIME);

    boolean confined() {
        return when != ANY_TIME;
    }

    /** {@code no faults}, or {@code at most one crash or lost reply}. */
    @Override
    public String toString() {
        if (kinds.isEmpty()) {
            return "no faults";
        }
        List<String> names = new ArrayList<>();
        for (Fault kind : new TreeSet<>(kinds)) {
            names.add(kind.name().toLowerCase(Locale.ROOT).replace('_', ' '));
        }
        return "at most " + (budget == 1 ? "one " : budget + " of ") + String.join(" or ", names)
                + (confined() ? " at chosen moments" : "");
    }
}
