package flashsale.explore;

import static flashsale.assertions.WorkbookAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import flashsale.redis.RedisServers;
import flashsale.sale.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.redisson.api.RPermitExpirableSemaphore;
import org.redisson.api.RRateLimiter;
import org.redisson.api.RateType;
import org.redisson.api.RedissonClient;

@DisplayName("Redisson's objects that go by the client's clock go by virtual time")
class PermitsTest {

    private static final int LEASE = 10;

    private final Explorer explorer = Explorer.on(RedisServers.shared());
    private final Scenario oneTicket =
            Scenario.named("one ticket").stock(1).buyer("Alice", 1).buyer("Bob", 1);

    private static RPermitExpirableSemaphore units(Sale sale) {
        return sale.shop.client(RedissonClient.class).getPermitExpirableSemaphore(sale.stock);
    }

    private static List<String> reserve(Sale sale, int quantity, int seconds) {
        try {
            return units(sale).tryAcquire(quantity, 0, seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reserves, and then records, whether the reservation still stands or not. */
    private static final Step RESERVE_THEN_RECORD = Sale.step((sale, purchase) ->
            reserve(sale, purchase.quantity(), LEASE).isEmpty() ? Outcome.SOLD_OUT : sale.record(purchase));

    private List<String> replay(Step step, Scenario scenario, String schedule) {
        return explorer.replay(step, scenario, Schedule.parse(schedule)).trace().stream()
                .map(entry -> (entry.choice() + " " + entry.command() + " → " + entry.reply()).strip())
                .toList();
    }

    @Test
    @DisplayName("sleep sets and plain search agree when reservations end and processes crash")
    void agreement() {
        assertAgreement(oneTicket.oneFault(Fault.CRASH, Fault.LEASE_EXPIRY));
        assertAgreement(oneTicket.stock(2).faults(2, Fault.LEASE_EXPIRY));
        assertAgreement(Scenario.named("quantities")
                .stock(2)
                .buyer("Alice", 2)
                .buyer("Bob", 1)
                .faults(2, Fault.LEASE_EXPIRY));
    }

    private void assertAgreement(Scenario scenario) {
        Exploration all = explorer.collectingEndStates().count(RESERVE_THEN_RECORD, scenario);
        Exploration reduced = explorer.collectingEndStates().prove(RESERVE_THEN_RECORD, scenario);
        Exploration backwards = explorer.collectingEndStates().lastChoiceFirst().prove(RESERVE_THEN_RECORD, scenario);

        assertThat(all.verdicts()).isNotEmpty();
        assertThat(reduced.verdicts().keySet())
                .isEqualTo(all.verdicts().keySet())
                .isEqualTo(backwards.verdicts().keySet());
        assertThat(reduced.endStates()).isEqualTo(all.endStates()).isEqualTo(backwards.endStates());
    }

    @Test
    @DisplayName("one buyer's reservation ends, all of its permits and nobody else's; it prints alike each time")
    void one_buyers_permits() {
        Scenario scenario = Scenario.named("two and one")
                .stock(3)
                .buyer("Alice", 2)
                .buyer("Bob", 1)
                .buyer("Carol", 2)
                .oneFault(Fault.LEASE_EXPIRY);
        List<String> expected = List.of(
                "A EVAL(try acquire) stock stock:timeout → OK",
                "B EVAL(try acquire) stock stock:timeout → OK",
                "expire:stock:timeout/Alice  →",
                "C EVAL(try acquire) stock stock:timeout → OK",
                "A HINCRBY orders Alice 2 → 2",
                "B HINCRBY orders Bob 1 → 1",
                "C HINCRBY orders Carol 2 → 2");

        String schedule = "1A,1B,expire:stock:timeout/Alice,1C,1A,1B,1C";
        assertThat(replay(RESERVE_THEN_RECORD, scenario, schedule)).isEqualTo(expected);
        assertThat(replay(RESERVE_THEN_RECORD, scenario, schedule)).isEqualTo(expected);

        Scenario wantsAll = Scenario.named("wants three")
                .stock(3)
                .buyer("Alice", 2)
                .buyer("Bob", 1)
                .buyer("Carol", 3)
                .oneFault(Fault.LEASE_EXPIRY);
        assertThat(replay(RESERVE_THEN_RECORD, wantsAll, "1A,1B,expire:stock:timeout/Alice,1C,1A,1B"))
                .as("Bob's one stands")
                .contains("C EVAL(try acquire) stock stock:timeout → :10000");
    }

    @Test
    @DisplayName("a permit's score is virtual time, and its id says whose it is")
    void score() {
        Step looking = Sale.step((sale, purchase) -> {
            reserve(sale, 1, LEASE);
            sale.redis.zscore(sale.stock + ":timeout", "Alice-1.........");
            return sale.record(purchase);
        });

        assertThat(replay(looking, Scenario.named("one").buyer("Alice", 1), "3A"))
                .contains("A ZSCORE stock:timeout Alice-1......... → 10000.0");
    }

    @Test
    @DisplayName("whoever waits until a reservation has ended gets the unit, and no real time passes")
    void time_passes() {
        Step patient = Sale.step((sale, purchase) -> {
            if (reserve(sale, 1, LEASE).isEmpty()) {
                sale.shop
                        .sleeper()
                        .sleep(
                                Duration.ofSeconds(LEASE),
                                sale.shop.clock().instant().plusSeconds(LEASE));
                return reserve(sale, 1, LEASE).isEmpty() ? Outcome.SOLD_OUT : sale.record(purchase);
            }
            return Outcome.CONTENDED; // and does not give it back
        });

        assertThat(replay(patient, oneTicket, "1A,1B,wake:B,2B"))
                .containsExactly(
                        "A EVAL(try acquire) stock stock:timeout → OK",
                        "B EVAL(try acquire) stock stock:timeout → :10000",
                        "wake:B  →",
                        "B EVAL(try acquire) stock stock:timeout → OK",
                        "B HINCRBY orders Bob 1 → 1");
    }

    @Test
    @DisplayName("a rate limiter lets in so many in a virtual second, however long that takes, and again in the next")
    void rate_limiter() {
        Step limited = Sale.step((sale, purchase) -> {
            if (purchase.buyer().equals("Carol")) {
                sale.left(); // what she sees does not change, so she waits
                sale.shop
                        .sleeper()
                        .sleep(
                                Duration.ofSeconds(1),
                                sale.shop.clock().instant().plusSeconds(1));
            }
            RRateLimiter entrance = sale.shop.client(RedissonClient.class).getRateLimiter(sale.lock);
            entrance.trySetRate(RateType.OVERALL, 1, Duration.ofSeconds(1));
            return entrance.tryAcquire() ? Outcome.SOLD_OUT : Outcome.CONTENDED;
        });
        Scenario threeCome = oneTicket.stock(0).buyer("Carol", 1);

        assertThat(replay(limited, threeCome, "2A,2B,1C,wake:C,2C"))
                .containsExactly(
                        "A EVAL(try set rate) lock → 1",
                        "A EVAL(try acquire) lock lock:value lock:permits → nil",
                        "B EVAL(try set rate) lock → 0",
                        "B EVAL(try acquire) lock lock:value lock:permits → 1003",
                        "C GET stock → 0",
                        "wake:C  →",
                        "C EVAL(try set rate) lock → 0",
                        "C EVAL(try acquire) lock lock:value lock:permits → nil");
    }

    @Test
    @DisplayName("who a permit belongs to, and what a reader sees of it")
    void ids() {
        assertThat(BuyersIds.buyerOf("Alice-1.........")).isEqualTo("Alice");
        assertThat(BuyersIds.buyerOf("Anne-Marie-12...")).isEqualTo("Anne-Marie");
        assertThat(BuyersIds.buyerOf("somebody")).isEqualTo("somebody");
        assertThat(BuyersIds.shown("Alice-1.........")).isEqualTo("Alice-1");
        assertThat(Keyspace.Permits.named("sale:{concert}:stock:timeout/Alice"))
                .hasValue(new Keyspace.Permits("sale:{concert}:stock:timeout", "Alice"));
        assertThat(Keyspace.Permits.named("sale:{concert}:lock")).isEmpty();
    }
}
