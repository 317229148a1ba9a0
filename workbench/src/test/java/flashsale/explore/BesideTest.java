package flashsale.explore;

import static flashsale.assertions.WorkbookAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.redis.RedisServers;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.Repeater;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What a process repeats beside a purchase")
class BesideTest {

    private static final Duration PERIOD = Duration.ofSeconds(3);

    private final Explorer explorer = Explorer.on(RedisServers.shared());
    private final Scenario alone = Scenario.named("alone").buyer("Alice", 1);

    /** A purchase that writes a word before and after, and beside it another word. */
    private static Outcome writes(Sale sale, Purchase purchase) {
        String log = sale.stock.replace("stock", "log");
        try (Repeater.Repeated beside =
                sale.shop.repeater().every(PERIOD, () -> sale.redis.append(log, "-" + purchase.buyer()))) {
            sale.redis.append(log, "+one");
            sale.redis.append(log, "+two");
            assertThat(beside).isNotNull();
        }
        sale.redis.append(log, "+closed");
        return Outcome.SOLD_OUT;
    }

    private static Set<String> logs(Exploration exploration) {
        Set<String> logs = new TreeSet<>();
        exploration.endStates().forEach(end -> logs.add(end.replaceAll("(?s).*log, ([^,\\]]*).*", "$1")));
        return logs;
    }

    @Test
    @DisplayName("it strikes once, at any moment: before, between, after, and after it was closed")
    void at_any_moment() {
        Exploration all = explorer.collectingEndStates().count(Sale.step(BesideTest::writes), alone.stock(0));

        assertThat(all).isProved().byRunning(4);
        assertThat(logs(all))
                .containsExactlyInAnyOrder(
                        "-Alice+one+two+closed",
                        "+one-Alice+two+closed",
                        "+one+two-Alice+closed",
                        "+one+two+closed-Alice");
    }

    @Test
    void two_buyers_and_all_that_is_beside_them_are_searched_alike_with_and_without_sleep_sets() {
        Scenario two = alone.stock(0).buyer("Bob", 1).oneFault(Fault.CRASH);
        Step step = Sale.step(BesideTest::writes);

        Set<String> plain = logs(explorer.collectingEndStates().count(step, two));

        assertThat(plain).contains("+one-Alice+one-Bob+two+two+closed+closed", "+one+two+closed-Alice");
        assertThat(logs(explorer.collectingEndStates().prove(step, two))).isEqualTo(plain);
    }

    @Test
    void a_crash_takes_it_too() {
        Exploration all = explorer.collectingEndStates()
                .count(Sale.step(BesideTest::writes), alone.stock(0).oneFault(Fault.CRASH));

        // A log that ends early belongs to a crash, and what is beside never goes on alone.
        assertThat(logs(all)).contains("+one", "+one+two", "-Alice+one").doesNotContain("+one+two-Alice-Alice");
        assertThatThrownBy(() -> explorer.replay(
                        Sale.step(BesideTest::writes),
                        alone.stock(0).oneFault(Fault.CRASH),
                        Schedule.parse("2A,crash:A,tick:A")))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("diverged at step 4: the sale was over");
    }

    @Test
    void a_schedule_names_it() {
        Counterexample replay =
                explorer.replay(Sale.step(BesideTest::writes), alone.stock(0), Schedule.parse("2A,tick:A,2A"));

        assertThat(replay.schedule()).hasToString("2A,tick:A,2A");
        assertThat(replay.trace())
                .extracting(TraceEntry::command)
                .containsExactly("", "APPEND log +one", "APPEND log -Alice", "APPEND log +two", "APPEND log +closed");
    }

    @Test
    void it_does_not_count_as_a_command_of_the_buyer() {
        Scenario afterOne = alone.stock(0)
                .oneFault(Fault.CRASH)
                .onlyWhen(moment -> moment.commands().get(0).equals(List.of("APPEND log +one")));

        assertThat(explorer.collectingEndStates()
                        .count(Sale.step(BesideTest::writes), afterOne)
                        .endStates())
                .anyMatch(end -> end.contains("log, +one-Alice,"))
                .anyMatch(end -> end.contains("log, -Alice+one,"))
                .anyMatch(end -> end.contains("log, +one,"));
    }

    @Test
    void what_it_throws_ends_the_exploration() {
        Step throwing = Sale.step((sale, purchase) -> {
            sale.shop.repeater().every(PERIOD, () -> {
                throw new IllegalStateException("out of order");
            });
            return sale.record(purchase);
        });

        assertThatThrownBy(() -> explorer.count(throwing, alone)).hasMessageContaining("out of order");
    }

    @Test
    void it_must_not_sleep() {
        Step sleeping = Sale.step((sale, purchase) -> {
            sale.shop.repeater().every(PERIOD, () -> sale.shop.sleeper().sleep(PERIOD));
            return sale.record(purchase);
        });

        assertThatThrownBy(() -> explorer.count(sleeping, alone))
                .isInstanceOf(ExplorerException.class)
                .hasMessageContaining("must not sleep");
    }

    @Test
    void nobody_else_may_start_it() {
        Step outside = new Step("test", Sale.class, shop -> {
            shop.repeater().every(PERIOD, () -> {});
            return Sale.step((sale, purchase) -> Outcome.SOLD_OUT).factory().apply(shop);
        });

        assertThatThrownBy(() -> explorer.count(outside, alone))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("only buyers repeat something");
    }
}
