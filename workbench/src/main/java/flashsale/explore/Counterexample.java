package flashsale.explore;

import flashsale.sale.Finding;
import java.util.List;

/**
 * One schedule, replayed and written down.
 *
 * @param step the step
 * @param scenario the scenario
 * @param schedule what happened in which order
 * @param preemptions how often a buyer was interrupted who could have gone on
 * @param findings what the audit says; empty if nothing is wrong
 * @param trace one entry for each choice
 */
public record Counterexample(
        Step step,
        Scenario scenario,
        Schedule schedule,
        int preemptions,
        List<Finding> findings,
        List<TraceEntry> trace) {

    /** Copies the lists. */
    public Counterexample {
        findings = List.copyOf(findings);
        trace = List.copyOf(trace);
    }

    /** How many commands were sent. */
    public long commands() {
        return trace.stream().filter(entry -> !entry.command().isEmpty()).count();
    }

    /** How many faults struck. */
    public long faults() {
        return trace.stream().filter(entry -> entry.choice().isFault()).count();
    }
}
