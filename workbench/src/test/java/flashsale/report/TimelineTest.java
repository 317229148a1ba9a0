package flashsale.report;

import static flashsale.report.Samples.CHECK;
import static flashsale.report.Samples.LOCK;
import static flashsale.report.Samples.TWO;
import static flashsale.report.Samples.explored;
import static flashsale.report.Samples.oversold;
import static flashsale.report.Samples.row;
import static flashsale.report.Samples.schedule;
import static org.assertj.core.api.Assertions.assertThat;

import flashsale.explore.Counterexample;
import flashsale.explore.Exploration.Mode;
import flashsale.explore.Fault;
import flashsale.explore.Scenario;
import flashsale.sale.Finding;
import flashsale.sale.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A timeline")
class TimelineTest {

    private static final String REPLAY = "mvn test -pl lesson01-naive -Dschedule=1A,3B,2A";

    @Test
    void shows_two_buyers_side_by_side_and_the_share_of_schedules() {
        Golden.check(
                "two-buyers",
                Timeline.of(
                        oversold(),
                        Optional.of(explored(CHECK, TWO, Mode.COUNT, 16, 0, Map.of(Verdict.OVERSOLD, 12))),
                        REPLAY));
    }

    @Test
    void says_nothing_of_shares_where_nobody_counted() {
        assertThat(Timeline.of(oversold(), Optional.empty(), ""))
                .isEqualTo(Timeline.of(
                        oversold(),
                        Optional.of(explored(CHECK, TWO, Mode.PROVE, 6, 4, Map.of(Verdict.OVERSOLD, 5))),
                        " "))
                .doesNotContain(" of ", "Replay");
    }

    @Test
    void shows_three_buyers_with_a_limit() {
        Scenario three = Scenario.named("three buyers, two tickets")
                .stock(2)
                .limit(1)
                .buyer("Alice", 1)
                .buyer("Bob", 1)
                .buyer("Carol", 1);
        Golden.check(
                "three-buyers",
                Timeline.of(
                        schedule(
                                CHECK,
                                three,
                                2,
                                List.of(new Finding(Verdict.OVERSOLD, "3 sold, 2 existed", false)),
                                row("A", "GET stock", "2", 31, "2"),
                                row("B", "GET stock", "2", 31, "2"),
                                row("C", "GET stock", "2", 31, "2"),
                                row("C", "DECRBY stock 1", "1", 35, "1"),
                                row("C", "HINCRBY orders Carol 1", "1", 36, "1"),
                                row("A", "DECRBY stock 1", "0", 35, "0"),
                                row("A", "HINCRBY orders Alice 1", "1", 36, "0"),
                                row("B", "DECRBY stock 1", "-1", 35, "-1"),
                                row("B", "HINCRBY orders Bob 1", "1", 36, "-1")),
                        Optional.empty(),
                        REPLAY));
    }

    @Test
    void writes_every_fault_in_words() {
        Scenario faulty = TWO.faults(5, Fault.values()).inOneProcess();
        Golden.check(
                "faults",
                Timeline.of(
                        schedule(
                                LOCK,
                                faulty,
                                3,
                                List.of(
                                        new Finding(Verdict.LOST_STOCK, "1 existed, 0 recorded, no stock key", true),
                                        new Finding(
                                                Verdict.STUCK, "Bob's call never returns: it waits for lock", false)),
                                row("begin:A", "1"),
                                row("A", "SET lock a1 NX PX 30000", "OK", 40, "1"),
                                row("begin:B", "1"),
                                row("B", "SET lock b1 NX PX 30000", "nil", 40, "1"),
                                row("expire:lock", "1"),
                                row("B", "SET lock b1 NX PX 30000", "OK", 40, "1"),
                                row("lose:B", "DECRBY stock 1", "0", 44, "0"),
                                row("evict:stock", "-"),
                                row("flush", "-"),
                                row("wake:B", "-"),
                                row("time:lock", "-"),
                                row("crash:A", "-")),
                        Optional.of(explored(
                                LOCK,
                                faulty,
                                Mode.COUNT,
                                1200,
                                0,
                                3,
                                false,
                                Map.of(Verdict.STUCK, 1),
                                Map.of(Verdict.LOST_STOCK, 40))),
                        ""));
    }

    @Test
    void names_the_buyer_whose_process_crashes_and_widens_the_last_column_for_it() {
        String text = Timeline.of(
                schedule(CHECK, TWO, 0, List.of(), row("A", "GET stock", "1", 31, "1"), row("crash:B", "1")),
                Optional.empty(),
                "");
        assertThat(text).contains("Nothing is wrong", "\n 2                   ✗ crash of Bob's process   1\n");
    }

    @Test
    void marks_what_is_done_beside_a_purchase() {
        assertThat(Timeline.of(
                        schedule(CHECK, TWO, 0, List.of(), row("tick:B", "PEXPIRE lock 10000", "1", 60, "1")),
                        Optional.empty(),
                        ""))
                .contains("\n 1           ↻ PEXPIRE lock 10000 → 1   1       60\n");
    }

    @Test
    void names_everybody_whom_a_crash_hits() {
        Scenario mixed = TWO.buyer("Carol", 1).inOneProcess("Alice", "Carol");

        assertThat(Timeline.of(schedule(CHECK, mixed, 0, List.of(), row("crash:C", "1")), Optional.empty(), ""))
                .contains("✗ crash of the process of Alice and Carol");
        assertThat(Timeline.of(schedule(CHECK, mixed, 0, List.of(), row("crash:B", "1")), Optional.empty(), ""))
                .contains("✗ crash of Bob's process");
    }

    @Test
    void lists_every_finding_on_a_line_of_its_own() {
        Counterexample one = oversold();
        Golden.check(
                "several-findings",
                Timeline.of(
                        new Counterexample(
                                one.step(),
                                one.scenario(),
                                one.schedule(),
                                one.preemptions(),
                                List.of(
                                        new Finding(Verdict.OVERSOLD, "2 sold, 1 existed", false),
                                        new Finding(Verdict.LOST_ORDER, "Bob was told 1 sold, the books hold 0", true),
                                        new Finding(
                                                Verdict.FAILED,
                                                "Alice's purchase threw IllegalStateException: "
                                                        + "a message\nof several lines ".repeat(6),
                                                false)),
                                one.trace()),
                        Optional.of(explored(
                                CHECK,
                                TWO,
                                Mode.COUNT,
                                16,
                                0,
                                Map.of(Verdict.OVERSOLD, 12, Verdict.LOST_ORDER, 1, Verdict.FAILED, 2))),
                        REPLAY));
    }

    @Test
    void shows_a_transaction_as_one_command() {
        Golden.check(
                "transaction",
                Timeline.of(
                        schedule(
                                CHECK,
                                TWO,
                                1,
                                List.of(),
                                row("A", "WATCH stock", "OK", 30, "1"),
                                row("A", "GET stock", "1", 31, "1"),
                                row("B", "WATCH stock", "OK", 30, "1"),
                                row("B", "GET stock", "1", 31, "1"),
                                row("B", "EXEC(DECRBY stock 1; HINCRBY orders Bob 1)", "[0, 1]", 35, "0"),
                                row("A", "EXEC(DECRBY stock 1; HINCRBY orders Alice 1)", "nil", 35, "0")),
                        Optional.empty(),
                        REPLAY));
    }

    @Test
    void runs_on_into_the_next_column_and_is_cut_only_at_the_last() {
        String script = "EVAL local stock = redis.call('GET', KEYS[1]) if not stoc…";
        Scenario six = TWO.called("a crowd of six")
                .buyer("Carol", 1)
                .buyer("Dave", 1)
                .buyer("Erin of a very long name", 1)
                .buyer("Frank", 1);
        String text = Timeline.of(
                schedule(
                        CHECK,
                        six,
                        0,
                        List.of(),
                        row("A", script, "[1, OK, a reply that is long as well]", 123, "1"),
                        row("C", "HINCRBY orders Carol 1", "1", 36, "1"),
                        row("F", script, "1", 123, "123456789"),
                        row("F", script, "[1, OK, a reply that is long as well]", 123, "1"),
                        row("F", "EXEC(" + script + "; " + script + ")", "nil", 123, "1")),
                Optional.empty(),
                "");
        Golden.check("wide", text);
        assertThat(text.lines()).allMatch(line -> line.length() <= Text.WIDTH);
    }

    @Test
    void shows_one_buyer_alone() {
        Golden.check(
                "one-buyer",
                Timeline.of(
                        schedule(
                                CHECK,
                                Scenario.named("alone").buyer("Alice", 1),
                                0,
                                List.of(),
                                row("A", "GET stock", "1", 31, "1"),
                                row("expire:lock", "1")),
                        Optional.of(explored(CHECK, TWO, Mode.COUNT, 1, 0, Map.of())),
                        ""));
    }
}
