package flashsale.stage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import flashsale.explore.Claim;
import flashsale.explore.Scenario;
import flashsale.explore.Step;
import flashsale.lua.LuaLesson;
import flashsale.naive.NaiveLesson;
import flashsale.redis.BareConnection;
import flashsale.redis.RedisServer;
import flashsale.redisson.RedissonLesson;
import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.Verdict;
import flashsale.setnx.SetnxLesson;
import flashsale.stage.Shell.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The race")
class RaceTest {

    private static final Supplier<RedisServer> NOT_NEEDED = () -> {
        throw new AssertionError("bad arguments are refused before a server is started");
    };

    /** Sells to everybody, so that it oversells whatever the threads do. */
    private static final Claim SELLS_TO_EVERYBODY = Claim.exposed(
            new Step("stage", FourCommands.class, shop -> new FourCommands(shop.redis(), shop.item())),
            Scenario.named("one buyer").buyer("Alice", 1),
            Verdict.OVERSOLD);

    @TempDir
    private Path folder;

    private final Shell shell = Shell.inPipe();

    @Test
    void counts_exactly_and_marks_a_fast_step_that_oversells() {
        List<Claim> claims = new ArrayList<>(NaiveLesson.claims());
        claims.add(SELLS_TO_EVERYBODY);
        Path page = folder.resolve("race.html");
        Ran ran = shell.with(new Lessons(claims))
                .run(("race DecrementThenCompensate FourCommands --buyers 20 --stock 5 --connections 2 --rounds 2"
                                + " --json --html " + page)
                        .split(" "));
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        JsonObject race = JsonParser.parseString(ran.out()).getAsJsonObject();
        assertThat(race.getAsJsonArray("standings"))
                .extracting(each -> each.getAsJsonObject().get("name").getAsString())
                .containsExactly("bare GET", "bare script", "DecrementThenCompensate", "FourCommands");
        JsonObject get = race.getAsJsonArray("standings").get(0).getAsJsonObject();
        JsonObject compensating = race.getAsJsonArray("standings").get(2).getAsJsonObject();
        JsonObject overselling = race.getAsJsonArray("standings").get(3).getAsJsonObject();
        assertThat(median(get, "roundTrips")).isEqualTo(1);
        assertThat(median(compensating, "roundTrips")).isEqualTo(2);
        assertThat(median(overselling, "roundTrips")).isEqualTo(4);
        assertThat(median(get, "commands")).isEqualTo(1);
        assertThat(median(compensating, "commands")).isEqualTo(2);
        assertThat(median(overselling, "commands")).isEqualTo(4);
        assertThat(compensating.getAsJsonArray("verdicts")).isEmpty();
        assertThat(median(compensating, "ticketsASecond"))
                .isCloseTo(median(compensating, "answersASecond") / 4, within(1e-6));
        assertThat(overselling.getAsJsonArray("verdicts").toString()).contains("OVERSOLD");
        assertThat(page)
                .content()
                .contains(
                        "<tr class=\"bad\"><th>FourCommands</th>",
                        "✘ OVERSOLD",
                        "<g class=\"bad\">",
                        ">✘ FourCommands<");
    }

    /** Nobody ever has an answer. */
    private static final class Endless implements FlashSale {

        @Override
        public void open(int stock) {}

        @Override
        public Outcome buy(Purchase purchase) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException timeIsUp) {
                Thread.currentThread().interrupt();
            }
            return Outcome.CONTENDED;
        }

        @Override
        public Books books() {
            return new Books(OptionalInt.of(0), Map.of(), Map.of());
        }
    }

    @Test
    void does_not_call_a_sale_clean_in_which_time_was_up() {
        Step endless = new Step("stage", Endless.class, shop -> new Endless());
        Workload workload = new Workload(20, 0, 2);
        Entrant entrant = new Entrant(
                "stage",
                "Endless",
                () -> new StepSeller(endless, workload, Duration.ofSeconds(1), SharedRedis.announcedOn(System.err)));
        Lap lap;
        try (Entrant.Seller seller = entrant.enter().get()) {
            lap = seller.sale();
        }
        assertThat(lap.answers()).isEqualTo(2);
        assertThat(lap.neverAsked()).isEqualTo(18);
        Standing standing = Standing.of(entrant, List.of(lap));
        assertThat(RaceColumn.BOOKS.cell(standing, null)).startsWith("✘ ").endsWith("(time was up for 18)");
    }

    /** Both have a fence that stays when a sale is opened again, and each its own counter of tokens. */
    @Test
    void leaves_nothing_to_a_step_that_another_wrote() {
        for (Step step : List.of(SetnxLesson.FENCED_PURCHASE, RedissonLesson.FENCED_LOCK)) {
            try (Entrant.Seller seller = new StepSeller(
                    step, new Workload(10, 10, 1), StepSeller.LONGEST_SALE, SharedRedis.announcedOn(System.err))) {
                Lap lap = seller.sale();
                assertThat(lap.verdicts()).as(step.name()).isEmpty();
                assertThat(lap.tickets()).as(step.name()).isEqualTo(10);
            }
        }
    }

    private static double median(JsonObject standing, String value) {
        return standing.getAsJsonObject(value).get("median").getAsDouble();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            --buyers 0         | buyers is 0, but must be a whole number from 1 to 1000000
            --stock -1         | stock is -1, but must be a whole number from 0 to 1000000
            --connections 5000 | connections is 5000, but must be a whole number from 1 to 1000
            --rounds 0         | rounds is 0, but must be a whole number from 1 to 100
            --html no/where    | --html no/where must be a file in a folder that there is
            ArticleScript      | ArticleScript cannot run in the race: its buyers are numbers, and its stock is announced before the sale
            FencedPurchas      | unknown step FencedPurchas; did you mean FencedPurchase?
            """)
    void refuses_bad_arguments_before_it_starts_a_server(String args, String message) {
        assertThat(shell.with(NOT_NEEDED).run(("race " + args).split(" "))).isEqualTo(new Ran(2, "", message + "\n"));
    }

    @Test
    void counts_as_many_connections_as_there_are_buyers_for() {
        assertThat(new Workload(1, 1, 32)).hasToString("1 buyer, 1 ticket, 1 connection");
        assertThat(new Workload(20, 0, 8)).hasToString("20 buyers, 0 tickets, 8 connections");
    }

    @Test
    void prints_its_results_although_the_page_cannot_be_written() {
        Path tooLong = folder.resolve("x".repeat(300) + ".html");
        Ran ran = shell.run(
                ("race AtomicPurchase --buyers 2 --stock 1 --connections 1 --rounds 1 --html " + tooLong).split(" "));
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.out()).contains("bare script", "AtomicPurchase");
        assertThat(ran.err())
                .startsWith("--html " + tooLong + " cannot be written: ")
                .hasLineCount(1);
    }

    @Test
    void lets_one_version_of_each_approach_run() {
        assertThat(Lessons.ALL.select(RaceCommand.CHOICES).steps())
                .containsExactlyInAnyOrderElementsOf(RaceCommand.CHOICES);
    }

    @Test
    void runs_with_the_steps_among_which_the_front_door_lets_its_reader_choose() throws IOException {
        String chapter = Files.readString(Repository.ROOT.resolve("README.md"), UTF_8)
                .split("\n## Which one should I use\\?\n")[1]
                .split("\n## ")[0];
        List<String> rows = Pattern.compile("(?m)^\\| `(\\w+)`")
                .matcher(chapter)
                .results()
                .map(row -> row.group(1))
                .toList();
        assertThat(rows).isEqualTo(RaceCommand.CHOICES);
    }

    @Test
    void leaves_out_of_a_lesson_what_cannot_sell_to_its_crowd() {
        assertThat(RaceCommand.steps(Lessons.ALL, List.of("lesson04")))
                .extracting(Step::name)
                .contains("AtomicPurchase", "PipelinedPurchase")
                .doesNotContain("ArticleScript")
                .doesNotHaveDuplicates();
    }

    @Test
    void says_if_java_has_only_its_quick_compiler() {
        String quick = "-XX:TieredStopAtLevel=1";
        String both = "-XX:TieredStopAtLevel=4";
        assertThat(RaceCommand.compiler(List.of("-Xmx1g", quick))).isEqualTo(" (C1 only)");
        assertThat(RaceCommand.compiler(List.of(quick, "-Xmx1g", both))).isEmpty();
        assertThat(RaceCommand.compiler(List.of(both, quick))).isEqualTo(" (C1 only)");
        assertThat(RaceCommand.compiler(List.of("-Xmx1g"))).isEmpty();
    }

    @Test
    void turns_its_order_round_after_each_round() {
        List<String> order = new ArrayList<>();
        List<Entrant> entrants = List.of(entrant("A", order, 1), entrant("B", order, 1), entrant("C", order, 0.5));
        List<Standing> standings =
                new Race(2, Race.NO_HURRY, Duration.ofSeconds(1), Progress.of("", 9, silent())).run(entrants);
        assertThat(order).containsExactly("A", "B", "C", "C", "A", "B", "C", "C", "C", "C", "B", "A");
        assertThat(standings).extracting(Standing::name).containsExactly("A", "B", "C");
        assertThat(standings.get(2).answersASecond()).isEqualTo(new Spread(20, 20, 20));
    }

    @ParameterizedTest(name = "an unmeasured round of {0} s, rounds of {1} s, within 50 s: {2}")
    @CsvSource({"1, 1, 5", "8, 8, 5", "10, 10, 4", "20, 20, 1", "90, 90, 1", "90, 1, 1", "20, 10, 3", "20, 1, 5"})
    void begins_no_round_that_would_end_too_late(long unmeasured, long secondsOfARound, int rounds) {
        AtomicLong nanos = new AtomicLong();
        List<String> order = new ArrayList<>();
        Entrant slow = entrant("slow", order, 1);
        Entrant counted = new Entrant("lesson", "slow", () -> {
            nanos.addAndGet(Duration.ofSeconds(order.isEmpty() ? unmeasured : secondsOfARound)
                    .toNanos());
            return slow.enter().get();
        });
        List<Standing> standings = new Race(
                        5, Duration.ofSeconds(50), Duration.ofSeconds(1), Progress.of("", 6, silent()), nanos::get)
                .run(List.of(counted));
        assertThat(standings.get(0).rounds()).isEqualTo(rounds);
        assertThat(order).hasSize(1 + rounds);
    }

    private static Entrant entrant(String name, List<String> order, double seconds) {
        return new Entrant("lesson", name, () -> new Entrant.Seller() {
            @Override
            public Lap sale() {
                order.add(name);
                Histogram latency = new Histogram(3);
                latency.recordValue(7);
                return new Lap(10, 5, seconds, latency, new Load(20, 30, 40), 5, 0, Set.of());
            }

            @Override
            public void close() {}
        });
    }

    private static Streams silent() {
        return new Streams(System.out, System.err, false);
    }

    @Test
    void adds_laps_up_and_says_where_the_middle_is() {
        Histogram latency = new Histogram(3);
        Lap lap = new Lap(10, 5, 2, latency, new Load(20, 30, 40), 5, 3, Set.of(Verdict.OVERSOLD));
        Lap both = lap.and(new Lap(30, 5, 2, latency, new Load(20, 0, 0), 15, 4, Set.of()));
        assertThat(both.answersASecond()).isEqualTo(10);
        assertThat(both.ticketsASecond()).isEqualTo(2.5);
        assertThat(both.roundTripsAPurchase()).isEqualTo(1);
        assertThat(both.commandsAPurchase()).isEqualTo(0.75);
        assertThat(both.serverMicrosAPurchase()).isEqualTo(1);
        assertThat(both.waitsAPurchase()).isEqualTo(0.5);
        assertThat(both.neverAsked()).isEqualTo(7);
        assertThat(both.verdicts()).containsExactly(Verdict.OVERSOLD);
        assertThat(Spread.of(List.of(3.0, 1.0, 2.0))).isEqualTo(new Spread(2, 1, 3));
        assertThat(Spread.of(List.of(4.0, 1.0))).isEqualTo(new Spread(2.5, 1, 4));
    }

    @Test
    void keeps_its_columns_apart_where_somebody_is_very_slow() {
        Histogram latency = new Histogram(3);
        latency.recordValue(30_113_790);
        Entrant limit = entrant(RaceResult.BARE_SCRIPT, new ArrayList<>(), 1);
        Lap slow = new Lap(1, 1, 30, latency, new Load(1, 1, 123_456_700), 1, 0, Set.of());
        RaceResult race = new RaceResult(
                "Redis",
                "two cores",
                new Workload(1, 1, 1),
                1,
                List.of(Standing.of(limit, List.of(slow))),
                null,
                List.of());
        assertThat(RaceTable.of(race))
                .containsPattern(" 30113\\.\\d\\d 30113\\.\\d\\d +30113\\.\\d +1\\.00 123456700\\.0 ");
    }

    @Test
    void reads_what_the_server_says_of_its_work() {
        assertThat(ServerMeter.of("""
                # CPU
                used_cpu_sys:0.5
                used_cpu_user:0.25
                # Stats
                total_reads_processed:17
                # Commandstats
                cmdstat_client|setinfo:calls=2,usec=3,usec_per_call=1.5,rejected_calls=0,failed_calls=0
                cmdstat_get:calls=9,usec=3,usec_per_call=1.5,rejected_calls=0,failed_calls=0
                """)).isEqualTo(new Load(17, 11, 750_000));
        assertThatThrownBy(() -> ServerMeter.of("used_cpu_sys:0.5"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("total_reads_processed");
    }

    @Test
    void reads_what_redis_benchmark_prints() {
        // As redis-benchmark 7.0.15 prints it into a pipe.
        String head = "\"test\",\"rps\",\"avg_latency_ms\",\"min_latency_ms\",\"p50_latency_ms\",\"p95_latency_ms\","
                + "\"p99_latency_ms\",\"max_latency_ms\"\n";
        assertThat(RedisBenchmark.rate(head
                        + "\"EVALSHA da8455f0535fd532821b3713a4eccd80fc4b8457 2 sale:{race}:stock sale:{race}:orders"
                        + " buyer-__rand_int__ 1 none\",\"21691.97\",\"1.158\",\"0.144\",\"0.927\",\"2.399\",\"4.711\","
                        + "\"25.615\"\n"))
                .hasValue(21691.97);
        assertThat(RedisBenchmark.rate("Error from server: NOSCRIPT No matching script. Please use EVAL.\n" + head))
                .isEmpty();
        assertThat(RedisBenchmark.rate("Could not connect to Redis at 127.0.0.1:1: Connection refused\n"))
                .isEmpty();
        assertThat(RedisBenchmark.rate("")).isEmpty();
    }

    @Test
    void the_limit_is_the_purchase_whatever_was_sent_since() {
        RedisServer server = SharedRedis.announcedOn(System.err);
        Workload workload = new Workload(40, 30, 2);
        try (Limit limit = new Limit(LuaLesson.ATOMIC_PURCHASE, workload, server)) {
            List<byte[]> purchase = limit.command();
            try (Entrant.Seller bare = limit.purchase().enter().get()) {
                bare.sale();
            }
            assertThat(limit.books().remaining()).hasValue(0);
            assertThat(limit.books().orders()).hasSize(30);
            assertThat(limit.command()).isEqualTo(purchase);
            assertThat(purchase.get(0)).asString().isEqualTo("EVALSHA");
            assertThat(purchase).anyMatch(word -> new String(word, UTF_8).equals(BareSeller.BUYER));
        }
    }

    @Test
    void redis_benchmark_buys_where_it_is_installed() throws Exception {
        assumeThat(isInstalled("redis-benchmark"))
                .as("redis-benchmark is not installed (Debian: redis-tools)")
                .isTrue();
        RedisServer server = SharedRedis.announcedOn(System.err);
        Workload workload = new Workload(300, 500, 4);
        try (Limit limit = new Limit(LuaLesson.ATOMIC_PURCHASE, workload, server)) {
            OptionalDouble rate = RedisBenchmark.purchasesASecond("redis-benchmark", server, workload, limit);
            assertThat(limit.books().remaining()).hasValue(200);
            assertThat(limit.books().sold()).isEqualTo(300);
            assertThat(limit.books().orders()).as("of 10,000,000 names").hasSizeGreaterThan(290);
            assertThat(rate).isPresent();
            assertThat(rate.getAsDouble()).isBetween(10.0, 1e6);
        }
    }

    private static boolean isInstalled(String program) throws InterruptedException {
        try {
            return new ProcessBuilder(program, "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException no) {
            return false;
        }
    }

    @Test
    void without_redis_benchmark_there_is_no_figure() {
        RedisServer server = SharedRedis.announcedOn(System.err);
        Workload workload = new Workload(1, 1, 1);
        try (Limit limit = new Limit(LuaLesson.ATOMIC_PURCHASE, workload, server)) {
            assertThat(RedisBenchmark.purchasesASecond(folder.resolve("none").toString(), server, workload, limit))
                    .isEmpty();
        }
    }

    @Test
    void a_sale_of_one_second_has_as_many_tickets_for_each_buyer() {
        Workload workload = new Workload(1000, 500, 32);
        assertThat(workload.forASecond(20_000)).isEqualTo(new Workload(20_000, 10_000, 32));
        assertThat(workload.forASecond(100)).isEqualTo(new Workload(100, 50, 32));
        assertThat(workload.forASecond(0.1)).isEqualTo(new Workload(1, 0, 1));
        assertThat(workload.forASecond(1e9)).isEqualTo(new Workload(1_000_000, 1_000_000, 32));
    }

    @Test
    void draws_growth_in_a_page_that_needs_no_network() throws IOException {
        Standing standing = new Race(1, Race.NO_HURRY, Duration.ofMillis(1), Progress.of("", 2, silent()))
                .run(List.of(entrant("A <step> & more", new ArrayList<>(), 1)))
                .get(0);
        Standing limit = new Race(1, Race.NO_HURRY, Duration.ofMillis(1), Progress.of("", 2, silent()))
                .run(List.of(entrant(RaceResult.BARE_SCRIPT, new ArrayList<>(), 1)))
                .get(0);
        Standing overselling = Standing.of(
                entrant("A <step> & more", new ArrayList<>(), 1),
                List.of(new Lap(1, 1, 1, new Histogram(3), new Load(1, 1, 1), 0, 0, Set.of(Verdict.OVERSOLD))));
        RaceResult race = new RaceResult(
                "Redis",
                "two cores",
                new Workload(10, 5, 1),
                1,
                List.of(limit, standing),
                1234.0,
                List.of(
                        new RaceResult.Growth(1, List.of(limit, standing)),
                        new RaceResult.Growth(256, List.of(limit, overselling))));
        String page = RacePage.of(race);
        assertThat(page)
                .contains(
                        "<th>A &lt;step&gt; &amp; more</th>",
                        "<th>✘ A &lt;step&gt; &amp; more</th>",
                        "1234 times a second",
                        "<th>256</th>")
                .doesNotContain("{{", "http", "src=", "<script", "<step>")
                .containsPattern("<polyline class=\"own\" points=\"48\\.0,[0-9.]+ 246\\.0,[0-9.]+\"/>");
        assertThat(RaceTable.of(race))
                .containsPattern("(?m)^  ✘ A <step> & more +4\\.0 +1\\.0")
                .doesNotContain("✘ " + RaceResult.BARE_SCRIPT);
        for (GrowthMeasure measure : GrowthMeasure.values()) {
            assertThat(page).contains(measure.title(), "<td>" + measure.text(standing) + "</td>");
            assertThat(RaceTable.of(race)).contains(measure.title());
        }
    }

    @Test
    void the_bare_client_reads_over_every_kind_of_reply_and_reports_an_error() {
        RedisServer server = SharedRedis.announcedOn(System.err);
        try (BareConnection bare = BareConnection.to(server)) {
            for (String reply : List.of("1", "'text'", "nil", "{1, {'a', 'b'}, 'c'}", "redis.status_reply('OK')")) {
                bare.roundTrip(BareConnection.command("EVAL", "return " + reply, "0"));
            }
            bare.roundTrip(BareConnection.command("EVAL", "return string.rep('x', 100000)", "0"));
            assertThatThrownBy(() -> bare.roundTrip(BareConnection.command("EVAL", "return {err='ERR no'}", "0")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("ERR no");
            bare.roundTrip(BareConnection.command("PING"));
        }
    }
}
