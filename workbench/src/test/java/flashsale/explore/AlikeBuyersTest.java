package flashsale.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.redis.RedisServers;
import flashsale.sale.Outcome;
import flashsale.sale.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Buyers who are alike are searched in the order in which they begin")
class AlikeBuyersTest {

    private static final Scenario THREE =
            Scenario.named("three buyers").buyer("Alice", 1).buyer("Bob", 1).buyer("Carol", 1);

    private final Explorer explorer = Explorer.on(RedisServers.shared());

    /** Reads, and takes what it has read. */
    private final Step step = Sale.step((sale, purchase) -> {
        if (sale.left() < 1) {
            return Outcome.SOLD_OUT;
        }
        sale.redis.decrBy(sale.stock, 1);
        return sale.record(purchase);
    });

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"CRASH", "LOST_REPLY", "EVICTION"})
    @DisplayName("each schedule stands for six, and so does each verdict")
    void each_stands_for_six(Fault fault) {
        Scenario scenario = THREE.oneFault(fault);

        Exploration all = explorer.count(step, scenario);
        Exploration alike = explorer.count(step, scenario.buyersAreAlike());

        assertThat(alike.schedules() * 6).isEqualTo(all.schedules());
        Map<Verdict, Integer> timesSix = new HashMap<>();
        alike.verdicts().forEach((verdict, count) -> timesSix.put(verdict, count * 6));
        assertThat(timesSix).isEqualTo(all.verdicts()).containsKey(Verdict.OVERSOLD);
    }

    @Test
    @DisplayName("sleep sets find the same verdicts, and the proof says what it rests on")
    void sleep_sets() {
        Scenario crash = THREE.oneFault(Fault.CRASH);

        Exploration alike = explorer.prove(step, crash.buyersAreAlike());

        assertThat(alike.verdicts().keySet())
                .isEqualTo(explorer.prove(step, crash).verdicts().keySet());
        assertThat(alike.coverage())
                .endsWith(
                        "up to swapping commands that touch no common key and to exchanging the buyers, who are alike");
    }

    @Test
    @DisplayName("who wants something else, or shares a process, is not alike")
    void not_alike() {
        assertThat(List.of(THREE.buyer("Dave", 2), THREE.inOneProcess("Alice", "Bob")))
                .allSatisfy(scenario -> assertThatThrownBy(scenario::buyersAreAlike)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("\"three buyers\" are not alike"));
    }
}
