package flashsale.explore;

import static flashsale.assertions.WorkbookAssertions.assertProofFailsFor;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.explore.Exploration.Mode;
import flashsale.redis.RedisServers;
import flashsale.sale.Outcome;
import flashsale.sale.Verdict;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A claim")
class ClaimTest {

    private final Explorer explorer = Explorer.on(RedisServers.shared());
    private final Scenario two =
            Scenario.named("two buyers, one ticket").buyer("Alice", 1).buyer("Bob", 1);
    private final Step oversells = Sale.step((sale, purchase) -> {
        if (sale.left() < 1) {
            return Outcome.SOLD_OUT;
        }
        sale.redis.decrBy(sale.stock, 1);
        return sale.record(purchase);
    });

    @Test
    void is_counted_where_it_exposes_and_searched_by_sleep_sets_where_it_proves() {
        assertThat(explorer.explore(Claim.exposed(oversells, two, Verdict.OVERSOLD))
                        .mode())
                .isEqualTo(Mode.COUNT);
        assertThat(explorer.explore(Claim.proved(oversells, two)).mode()).isEqualTo(Mode.PROVE);
    }

    @Test
    void may_expose_without_counting() {
        Claim claim = Claim.exposed(oversells, two, Verdict.OVERSOLD).withoutCounting();

        Exploration exploration = explorer.explore(claim);

        assertThat(exploration).oversells().byRunning(6);
        assertThat(claim.holds(exploration)).isTrue();
        assertThatThrownBy(() -> assertThat(exploration).oversells().in(5).of(6))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("shares need a complete count");
        assertThatThrownBy(() ->
                        assertThat(explorer.count(oversells, two)).oversells().byRunning(16))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("by sleep sets");
    }

    @Test
    void is_worth_something_as_a_proof_only_if_it_fails_without_the_protection() {
        Step sellsNothing = Sale.step((sale, purchase) -> Outcome.SOLD_OUT);
        Claim nothingToSell = Claim.proved(sellsNothing, two.stock(0));
        Claim oneTicket = Claim.proved(sellsNothing, two);

        assertProofFailsFor(oversells, oneTicket, Verdict.OVERSOLD);
        assertThatThrownBy(() -> assertProofFailsFor(oversells, oneTicket, Verdict.STUCK))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("STUCK");
        assertThatThrownBy(() -> assertProofFailsFor(sellsNothing, nothingToSell, Verdict.OVERSOLD))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the proof of Sale, two buyers, one ticket must fail for Sale, with OVERSOLD");
    }

    @Test
    void holds_whatever_occurs_that_the_scenario_allows() {
        Scenario crash = two.stock(2).oneFault(Fault.CRASH).allowing(Verdict.PHANTOM_STOCK, Verdict.STUCK);
        Step forgets = Sale.step((sale, purchase) -> {
            sale.redis.decrBy(sale.stock, 1);
            return sale.record(purchase);
        });

        Exploration lost = explorer.explore(Claim.exposed(forgets, crash, Verdict.LOST_STOCK));

        assertThat(Claim.exposed(forgets, crash, Verdict.LOST_STOCK).holds(lost))
                .isTrue();
        assertThat(Claim.exposed(forgets, crash, Verdict.LOST_STOCK, Verdict.STUCK)
                        .holds(lost))
                .isFalse();
        Exploration allowed =
                explorer.explore(Claim.exposed(forgets, crash.allowing(Verdict.LOST_STOCK), Verdict.OVERSOLD));
        assertThat(Claim.exposed(forgets, allowed.scenario(), Verdict.LOST_STOCK)
                        .holds(allowed))
                .isFalse();
        assertThat(Claim.proved(forgets, allowed.scenario()).holds(allowed)).isTrue();
    }
}
