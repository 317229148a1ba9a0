package flashsale.report;

import flashsale.explore.Exploration;
import flashsale.sale.Verdict;
import java.util.Set;
import java.util.stream.Collectors;

/** What was proved, on one line: of what, what never happens, and what the proof covers. */
public final class ProofLine {

    private ProofLine() {}

    /**
     * Says what the exploration comes to. It begins with {@code proved}; with {@code bounded} if the search did not
     * cover everything; with {@code exposed} if there is no proof to report.
     *
     * @return one line, with a line feed
     */
    public static String of(Exploration exploration) {
        return exploration.result() + ": " + exploration.step().lesson().replaceFirst("-.*", "") + " · "
                + exploration.step().name() + " · " + exploration.scenario().name() + ": " + whatHappens(exploration)
                + byFault(exploration) + "; " + exploration.coverage() + "\n";
    }

    private static String whatHappens(Exploration exploration) {
        Set<Verdict> unexpected = exploration.unexpected();
        if (!unexpected.isEmpty()) {
            return names(unexpected);
        }
        Set<Verdict> allowed = exploration.scenario().allowed();
        String never = (exploration.complete() ? "never " : "not seen to ");
        String oversells = exploration.complete() ? "oversells" : "oversell";
        String breaks = exploration.complete() ? "breaks" : "break";
        if (allowed.isEmpty()) {
            return never + oversells + ", nor " + breaks + " any other rule of the audit";
        }
        String but = " any rule of the audit but what the scenario allows (" + names(allowed) + ")";
        return allowed.contains(Verdict.OVERSOLD) ? never + breaks + but : never + oversells + ", nor " + breaks + but;
    }

    private static String byFault(Exploration exploration) {
        Set<Verdict> byFault = exploration.byFault().keySet();
        return byFault.isEmpty() ? "" : "; " + names(byFault) + " by the fault alone";
    }

    private static String names(Set<Verdict> verdicts) {
        return verdicts.stream().sorted().map(Verdict::name).collect(Collectors.joining(", "));
    }
}
