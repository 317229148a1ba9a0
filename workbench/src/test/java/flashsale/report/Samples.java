package flashsale.report;

import flashsale.explore.Counterexample;
import flashsale.explore.Exploration;
import flashsale.explore.Exploration.Mode;
import flashsale.explore.Scenario;
import flashsale.explore.Schedule;
import flashsale.explore.Step;
import flashsale.explore.TraceEntry;
import flashsale.sale.Books;
import flashsale.sale.Finding;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Hand-made results, so that reports are tested without a Redis. */
final class Samples {

    /** What is sold out of nothing. */
    private abstract static class NoSale implements FlashSale {
        @Override
        public void open(int stock) {}

        @Override
        public Outcome buy(Purchase purchase) {
            return Outcome.SOLD_OUT;
        }

        @Override
        public Books books() {
            return Books.of(null, Map.of());
        }
    }

    /** Stands for a step that oversells. */
    static final class CheckThenDecrement extends NoSale {}

    /** Stands for a step with a lock. */
    static final class LockedPurchase extends NoSale {}

    static final Step CHECK = new Step("lesson01-naive", CheckThenDecrement.class, shop -> new CheckThenDecrement());
    static final Step LOCK = new Step("lesson03-setnx-lock", LockedPurchase.class, shop -> new LockedPurchase());

    static final Scenario TWO =
            Scenario.named("two buyers, one ticket").buyer("Alice", 1).buyer("Bob", 1);

    private Samples() {}

    /** One row of a hand-made schedule: a choice as in a schedule, and what came of it. */
    static TraceEntry row(String choice, String command, String reply, int line, String stock) {
        return new TraceEntry(Schedule.parse(choice).choices().get(0), command, reply, line, stock);
    }

    /** A row without a command. */
    static TraceEntry row(String choice, String stock) {
        return row(choice, "", "", 0, stock);
    }

    static Counterexample schedule(
            Step step, Scenario scenario, int preemptions, List<Finding> findings, TraceEntry... trace) {
        List<flashsale.explore.Choice> choices = new ArrayList<>();
        for (TraceEntry entry : trace) {
            choices.add(entry.choice());
        }
        return new Counterexample(step, scenario, new Schedule(choices), preemptions, findings, List.of(trace));
    }

    /** The schedule in which two buyers are sold one ticket. */
    static Counterexample oversold() {
        return schedule(
                CHECK,
                TWO,
                1,
                List.of(new Finding(Verdict.OVERSOLD, "2 sold, 1 existed", false)),
                row("A", "GET stock", "1", 31, "1"),
                row("B", "GET stock", "1", 31, "1"),
                row("B", "DECRBY stock 1", "0", 35, "0"),
                row("B", "HINCRBY orders Bob 1", "1", 36, "0"),
                row("A", "DECRBY stock 1", "-1", 35, "-1"),
                row("A", "HINCRBY orders Alice 1", "1", 36, "-1"));
    }

    /** A result; the schedules stand behind their verdicts. */
    static Exploration explored(
            Step step, Scenario scenario, Mode mode, int schedules, int cut, Map<Verdict, Integer> verdicts) {
        return explored(step, scenario, mode, schedules, cut, 0, true, verdicts, Map.of());
    }

    static Exploration explored(
            Step step,
            Scenario scenario,
            Mode mode,
            int schedules,
            int cut,
            int capped,
            boolean finished,
            Map<Verdict, Integer> verdicts,
            Map<Verdict, Integer> byFault) {
        Map<Verdict, Schedule> shortest = new java.util.EnumMap<>(Verdict.class);
        verdicts.keySet().forEach(verdict -> shortest.put(verdict, Schedule.parse("1A,3B,2A")));
        return new Exploration(
                step, scenario, mode, schedules, cut, capped, finished, verdicts, byFault, shortest, Set.of());
    }
}
