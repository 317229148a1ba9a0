package flashsale.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import flashsale.explore.Claim;
import flashsale.naive.NaiveLesson;
import flashsale.redis.EmbeddedRedis;
import flashsale.redis.RedisServer;
import flashsale.redis.RedisUnavailableException;
import flashsale.sale.Verdict;
import flashsale.stage.Shell.Ran;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The command line")
class StageTest {

    private static final Supplier<RedisServer> NOT_NEEDED = () -> {
        throw new AssertionError("bad arguments are refused before a server is started");
    };

    private final Shell shell = Shell.inPipe();

    @Test
    void prints_every_claim_of_every_lesson_and_nothing_but_results() {
        Ran ran = shell.run();
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out()).contains("lesson01-naive\n", "Each result is what its lesson claims.");
        for (Claim claim : Lessons.ALL.claims()) {
            assertThat(ran.out()).contains("\n  " + claim.step().name() + "\n", "\n    " + claim.scenario() + " ");
        }
        assertThat(shell.run("verdicts")).isEqualTo(ran);
        assertThat(ran.out()).doesNotContain("Redis 7", "127.0.0.1", "Replay");
    }

    @Test
    void explains_each_scenario_of_a_step_that_is_named_itself() {
        Ran ran = shell.run("verdicts", "checkthendecrement");
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out())
                .contains(
                        "OVERSOLD  2 sold, 1 existed  ",
                        "12 of 16 interleavings oversell.\nReplay:\nmvn ",
                        "\nproved: lesson01 · CheckThenDecrement · two buyers, two tickets: never oversells")
                .doesNotContain("ReadThenWrite");
        assertThat(shell.run("verdicts", "lesson01").out()).doesNotContain("Replay:", "\nproved:");
    }

    @Test
    void prints_a_replay_command_that_can_be_pasted() {
        String timeline = shell.run("verdicts", "DecrementThenCompensate").out();
        List<String> commands =
                timeline.lines().filter(line -> line.startsWith("mvn ")).toList();
        assertThat(commands).hasSize(3);
        for (String command : commands) {
            Ran ran = shell.paste(command);
            assertThat(ran.exitCode()).as(ran.err()).isZero();
            String table = ran.out().substring(0, ran.out().indexOf("\n\nReplay:"));
            assertThat(timeline).contains(table);
            assertThat(ran.out()).endsWith("\n" + command + "\n");
        }
    }

    @Test
    void replays_in_a_scenario_by_name_or_in_the_first_that_fits() {
        String byName = shell.run("replay", "ReadThenWrite/two buyers, two tickets", "1A,3B,2A")
                .out();
        assertThat(byName).contains("two buyers, two tickets", "PHANTOM_STOCK");
        assertThat(shell.run("replay", "ReadThenWrite", "1A,3B,2A").out())
                .contains("two buyers, one ticket", "OVERSOLD");
        assertThat(shell.run("replay", "DecrementThenCompensate", "2A,1B,crash:B")
                        .out())
                .contains("a crash before the record", "crash of Bob's process");
    }

    @Test
    void prints_json_and_nothing_else() {
        Ran ran = shell.run("verdicts", "DecrementThenCompensate", "--json");
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).startsWith("[\n").endsWith("]\n");
        JsonArray array = JsonParser.parseString(ran.out()).getAsJsonArray();
        assertThat(array).hasSize(5);
        assertThat(array)
                .allSatisfy(element -> assertThat(element.getAsJsonObject().keySet())
                        .containsExactly(
                                "lesson",
                                "step",
                                "scenario",
                                "buyers",
                                "stock",
                                "faults",
                                "schedules",
                                "cut",
                                "capped",
                                "proved",
                                "verdicts",
                                "counterexample"));
        JsonObject proved = array.get(0).getAsJsonObject();
        assertThat(proved.get("proved").getAsBoolean()).isTrue();
        assertThat(proved.get("counterexample").isJsonNull()).isTrue();
        assertThat(proved.get("verdicts").getAsJsonObject().keySet()).isEmpty();
        JsonObject crash = array.get(3).getAsJsonObject();
        assertThat(crash.get("lesson").getAsString()).isEqualTo("lesson01-naive");
        assertThat(crash.get("step").getAsString()).isEqualTo("DecrementThenCompensate");
        assertThat(crash.get("scenario").getAsString()).isEqualTo("a crash before the record");
        assertThat(crash.get("buyers").getAsInt()).isEqualTo(2);
        assertThat(crash.get("stock").getAsInt()).isEqualTo(2);
        assertThat(crash.get("faults").toString()).isEqualTo("[\"CRASH\"]");
        assertThat(crash.get("schedules").getAsInt()).isEqualTo(24);
        assertThat(crash.get("cut").getAsInt()).isZero();
        assertThat(crash.get("capped").getAsInt()).isZero();
        assertThat(crash.get("proved").getAsBoolean()).isFalse();
        assertThat(crash.get("verdicts").toString()).isEqualTo("{\"LOST_STOCK\":12}");
        assertThat(crash.get("counterexample").getAsString()).isEqualTo("2A,1B,crash:B");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badArguments")
    void refuses_bad_arguments_in_one_line_before_it_starts_a_server(String args, String message) {
        assertThat(shell.with(NOT_NEEDED).run(args.split(" "))).isEqualTo(new Ran(2, "", message + "\n"));
    }

    static Stream<Arguments> badArguments() {
        return Stream.of(
                arguments("verdicts ReadThenWrit", "unknown step ReadThenWrit; did you mean ReadThenWrite?"),
                arguments("verdicts lesson01-naiv", "unknown lesson lesson01-naiv; did you mean lesson01-naive?"),
                arguments("verdicts --jsn", "Unknown option: '--jsn' (verdicts --help says what there is)"),
                arguments("ReadThenWrite", "unknown command ReadThenWrite; did you mean verdicts ReadThenWrite?"),
                arguments("replya ReadThenWrite 1A", "unknown command replya; did you mean replay?"),
                arguments("--nothing", "Unknown option: '--nothing' (--help says what there is)"),
                arguments(
                        "replay ReadThenWrite",
                        "Missing required parameter: 'SCHEDULE' (replay --help says what there is)"),
                arguments("replay ReadThanWrite 1A", "unknown step ReadThanWrite; did you mean ReadThenWrite?"),
                arguments(
                        "replay ReadThenWrite/one-ticket 1A",
                        "ReadThenWrite has no scenario one-ticket;"
                                + " there are two-buyers-one-ticket, two-buyers-two-tickets"),
                arguments(
                        "replay ReadThenWrite 1A,5Bob",
                        "schedule \"1A,5Bob\": cannot read \"5Bob\";"
                                + " a schedule looks like 1A,3B,2A or 2A,expire:lock,5B,crash:A"));
    }

    @Test
    void says_in_one_line_where_a_schedule_does_not_fit() {
        Ran ran = shell.run("replay", "ReadThenWrite/two-buyers-one-ticket", "1A,3C");
        assertThat(ran)
                .isEqualTo(new Ran(
                        2,
                        "",
                        "ReadThenWrite, two buyers, one ticket: diverged at step 2: C is not possible here;"
                                + " possible: [A, B]\n"));
        assertThat(shell.run("replay", "ReadThenWrite", "1A").err())
                .contains("ends after step 1")
                .endsWith("; it fits in no other scenario of this step either\n")
                .hasLineCount(1);
    }

    @Test
    void says_in_one_line_where_a_step_is_made_for_one_stock_only() {
        assertThat(shell.run("effort", "ArticleScript"))
                .isEqualTo(new Ran(
                        2,
                        "",
                        "ArticleScript does not open for crowds of all sizes: stock is 2, but was announced as 1\n"));
    }

    @Test
    void ends_with_3_and_one_line_where_there_is_no_redis() {
        Supplier<RedisServer> none = () -> {
            throw new RedisUnavailableException("No Redis at redis://nowhere:1");
        };
        assertThat(shell.with(none).run()).isEqualTo(new Ran(3, "", "No Redis at redis://nowhere:1\n"));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"verdicts 1", "replay ReadThenWrite 1A,3B,2A", "effort ReadThenWrite", "bench"})
    void ends_with_3_and_one_line_where_redis_went_away(String args) {
        RedisServer gone = EmbeddedRedis.start();
        gone.close();
        Ran ran = shell.with(() -> gone).run(args.split(" "));
        assertThat(ran.exitCode()).isEqualTo(3);
        assertThat(ran.err()).contains(gone.address().toString()).hasLineCount(1);
    }

    @Test
    void ends_with_1_where_a_step_does_not_do_what_its_lesson_claims() {
        Claim proof = Claim.proved(NaiveLesson.READ_THEN_WRITE, NaiveLesson.READ_THEN_WRITE_OVERSELLS.scenario());
        Claim other = Claim.exposed(
                NaiveLesson.CHECK_THEN_DECREMENT,
                NaiveLesson.CHECK_THEN_DECREMENT_OVERSELLS.scenario(),
                Verdict.LOST_ORDER,
                Verdict.STUCK);
        Lessons wrong = new Lessons(List.of(proof, other, NaiveLesson.COMPENSATE_NEVER_OVERSELLS));
        Ran ran = shell.with(wrong).run();
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out()).contains("✘ exposed", "2 of 3 results marked ✘");
        assertThat(ran.err().lines())
                .hasSize(2)
                .anyMatch(line -> line.startsWith("ReadThenWrite, two buyers, one ticket: the lesson claims a proof,"
                        + " but the explorer found OVERSOLD (exposed; "))
                .anyMatch(line -> line.startsWith("CheckThenDecrement, two buyers, one ticket: the lesson claims"
                        + " LOST_ORDER and STUCK, but the explorer found OVERSOLD (exposed; "));
        assertThat(shell.with(wrong).run("verdicts", "--json").exitCode()).isEqualTo(1);
    }

    @Test
    void counts_what_a_step_costs_as_the_crowd_grows() {
        Ran ran = shell.run("effort", "checkthendecrement");
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.out())
                .startsWith("lesson01 · CheckThenDecrement · a unit for each buyer; all numbers are per sale\n")
                .containsPattern("\n +1 +3\\.0 +0\\.0 +3\\.0 +0\\.0 +█{40}\n")
                .containsPattern("\n +64 +3\\.0 +0\\.0 +3\\.0 +0\\.0 +█{40}\n");
        assertThat(shell.with(NOT_NEEDED).run("effort", "CheckThenDecrements"))
                .isEqualTo(new Ran(2, "", "unknown step CheckThenDecrements; did you mean CheckThenDecrement?\n"));
        assertThat(shell.with(NOT_NEEDED).run("effort").exitCode()).isEqualTo(2);
    }

    @Test
    void compares_what_several_steps_cost() {
        Ran ran = shell.run("effort", "watchthenread", "CheckThenDecrement", "WatchThenRead");
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.out())
                .startsWith("round trips per sale · a unit for each buyer\n")
                .containsPattern("\nbuyers +1 +8 +64 +1 +8 +64\n"
                        + "lesson02 · WatchThenRead +4\\.0 +4\\.0 +4\\.0 +4\\.0 +18\\.0 +130\\.0\n"
                        + "lesson01 · CheckThenDecrement +3\\.0 +3\\.0 +3\\.0 +3\\.0 +3\\.0 +3\\.0\n\n");
        assertThat(shell.with(NOT_NEEDED).run("effort", "WatchThenRead", "CheckThenDecrements"))
                .isEqualTo(new Ran(2, "", "unknown step CheckThenDecrements; did you mean CheckThenDecrement?\n"));
    }

    @Test
    void shows_progress_on_a_terminal_and_none_in_a_pipe() {
        Ran piped = shell.run("verdicts", "ReadThenWrite");
        Ran watched = shell.onTerminal().run("verdicts", "ReadThenWrite");
        assertThat(piped.err()).isEmpty();
        assertThat(watched.err()).contains("claims", "ReadThenWrite");
        assertThat(watched.out()).isEqualTo(piped.out());
    }

    @Test
    void explains_itself_and_its_exit_codes() {
        Ran ran = shell.with(NOT_NEEDED).run("--help");
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out())
                .startsWith("Usage: mvn -q compile exec:java -pl stage\n")
                .contains("\n  verdicts ", "\n  replay ", "\n  effort ", "\n  bench ")
                .contains("\n  0   every", "\n  1   a step", "\n  2   bad arguments", "\n  3   no answer");
        assertThat(ran.out().lines()).allMatch(line -> line.length() <= 110);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"verdicts", "replay", "effort", "bench"})
    void explains_each_command(String command) {
        Ran ran = shell.with(NOT_NEEDED).run(command, "--help");
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).startsWith("Usage: mvn -q compile exec:java -pl stage -Dexec.args=\"" + command);
    }
}
