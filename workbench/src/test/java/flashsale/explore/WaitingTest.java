package flashsale.explore;

import static flashsale.assertions.WorkbookAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.explore.Sale.Buy;
import flashsale.redis.RedisServers;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.Sleeper;
import flashsale.sale.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.params.SetParams;

@DisplayName("Waiting, leases and deadlines pass in virtual time")
class WaitingTest {

    private static final Duration LEASE = Duration.ofSeconds(10);

    private final Explorer explorer = Explorer.on(RedisServers.shared());
    private final Scenario twoTickets =
            Scenario.named("two tickets").stock(2).buyer("Alice", 1).buyer("Bob", 1);

    /** Sells under a lock, polling for it until a deadline. */
    private static Outcome underLock(Sale sale, Purchase purchase, Duration patience, boolean release) {
        Instant deadline = patience == null
                ? Sleeper.NO_DEADLINE
                : sale.shop.clock().instant().plus(patience);
        SetParams ifFree = SetParams.setParams().nx().px(LEASE.toMillis());
        while (sale.redis.set(sale.lock, purchase.buyer(), ifFree) == null) {
            if (!sale.shop.clock().instant().isBefore(deadline)) {
                return Outcome.CONTENDED;
            }
            sale.shop.sleeper().sleep(Duration.ofMillis(50), deadline);
        }
        int left = sale.left();
        if (left >= purchase.quantity()) {
            sale.redis.set(sale.stock, String.valueOf(left - purchase.quantity()));
            sale.record(purchase);
        }
        if (release) {
            sale.redis.del(sale.lock);
        }
        return left >= purchase.quantity() ? Outcome.SOLD : Outcome.SOLD_OUT;
    }

    private static Outcome decrement(Sale sale, Purchase purchase) {
        sale.redis.decrBy(sale.stock, purchase.quantity());
        return sale.record(purchase);
    }

    @ParameterizedTest(name = "for {0} ms")
    @ValueSource(ints = {950, 1100})
    void a_machine_that_stands_still_changes_nothing(int millis) {
        AtomicInteger purchases = new AtomicInteger();
        Step onAMachineThatStandsStill = Sale.step((sale, purchase) -> {
            Outcome outcome = underLock(sale, purchase, LEASE.plusSeconds(1), false);
            if (purchases.incrementAndGet() == 3) {
                LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
            }
            return outcome;
        });
        Step onAnother = Sale.step((sale, purchase) -> underLock(sale, purchase, LEASE.plusSeconds(1), false));

        Exploration found = explorer.count(onAMachineThatStandsStill, twoTickets);

        assertThat(found.schedules())
                .isEqualTo(explorer.count(onAnother, twoTickets).schedules());
        assertThat(found.verdicts()).isEmpty();
        assertThat(purchases.get()).isGreaterThan(2 * found.schedules());
    }

    @Test
    void a_machine_that_stands_still_for_longer_than_a_lease_that_nobody_waits_for_changes_nothing() {
        Buy tryLock = (sale, purchase) -> {
            SetParams ifFree = SetParams.setParams().nx().ex(1);
            return sale.redis.set(sale.lock, purchase.buyer(), ifFree) == null
                    ? Outcome.CONTENDED
                    : decrement(sale, purchase);
        };
        AtomicInteger purchases = new AtomicInteger();
        Step onAMachineThatStandsStill = Sale.step((sale, purchase) -> {
            if (purchases.incrementAndGet() == 2) {
                standStill();
            }
            return tryLock.buy(sale, purchase);
        });

        Exploration found = explorer.count(onAMachineThatStandsStill, twoTickets);

        assertThat(found.verdicts())
                .isEqualTo(explorer.count(Sale.step(tryLock), twoTickets).verdicts());
        assertThat(purchases.get()).isGreaterThan(2 * found.schedules());
    }

    @ParameterizedTest(name = "in schedule {0}")
    @ValueSource(ints = {1, 2, 5})
    void a_machine_that_stands_still_before_a_deadline_that_is_the_end_of_a_lease_changes_nothing(int schedule) {
        Buy untilTheLeaseEnds = (sale, purchase) -> {
            sale.redis.publish("everybody", "hello"); // from here on every command is sent by itself
            Instant deadline = sale.shop.clock().instant().plus(LEASE);
            SetParams ifFree = SetParams.setParams().nx().px(LEASE.toMillis());
            while (sale.redis.set(sale.lock, purchase.buyer(), ifFree) == null) {
                if (!sale.shop.clock().instant().isBefore(deadline)) {
                    return Outcome.CONTENDED;
                }
                sale.shop.sleeper().sleep(Duration.ofMillis(100), deadline);
            }
            return decrement(sale, purchase);
        };
        AtomicInteger purchases = new AtomicInteger();
        Step onAMachineThatStandsStill = Sale.step((sale, purchase) -> {
            purchases.incrementAndGet();
            Outcome outcome = untilTheLeaseEnds.buy(sale, purchase);
            if (purchases.get() == 2 * schedule) {
                standStill();
            }
            return outcome;
        });

        Exploration found = explorer.count(onAMachineThatStandsStill, twoTickets);

        assertThat(found.schedules())
                .isEqualTo(
                        explorer.count(Sale.step(untilTheLeaseEnds), twoTickets).schedules());
        assertThat(purchases.get()).isGreaterThan(2 * found.schedules());
    }

    private static void standStill() {
        long end = System.nanoTime() + Duration.ofMillis(1100).toNanos();
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    @Test
    void a_lease_that_is_no_whole_second_is_refused() {
        Step odd = Sale.step((sale, purchase) -> {
            SetParams ifFree = SetParams.setParams().nx().px(1050);
            while (sale.redis.set(sale.lock, purchase.buyer(), ifFree) == null) {
                sale.shop.sleeper().sleep(Duration.ofMillis(50), Sleeper.NO_DEADLINE);
            }
            return decrement(sale, purchase);
        });

        assertThatThrownBy(() -> explorer.count(odd, twoTickets))
                .isInstanceOf(ExplorerException.class)
                .hasMessageContaining("the lease of sale:{concert}:lock has 10")
                .hasMessageContaining("whole seconds");
    }

    @Test
    void a_waiting_buyer_goes_on_when_the_key_that_it_polled_is_written() {
        Step patient = Sale.step((sale, purchase) -> underLock(sale, purchase, null, true));

        assertThat(explorer.prove(patient, twoTickets)).isProved();
    }

    @Test
    @DisplayName("a script that changed nothing only read: who polls with it sleeps until a script changes something")
    void polling_with_a_script() {
        String acquire = "if redis.call('EXISTS', KEYS[1]) == 1 then return false end "
                + "return redis.call('SET', KEYS[1], ARGV[1])";
        Step patient = Sale.step((sale, purchase) -> {
            while (sale.redis.eval(acquire, 1, sale.lock, purchase.buyer()) == null) {
                sale.shop.sleeper().sleep(Duration.ofMillis(50));
            }
            Outcome outcome = sale.left() < 1 ? Outcome.SOLD_OUT : decrement(sale, purchase);
            sale.redis.eval("return redis.call('DEL', KEYS[1])", 1, sale.lock);
            return outcome;
        });

        Exploration all = explorer.collectingEndStates().count(patient, twoTickets.stock(1));
        assertThat(all).isProved().byRunning(10);
        assertThat(all.endStates()).as("Alice has it, or Bob").hasSize(2);
        Exploration reduced = explorer.collectingEndStates().prove(patient, twoTickets.stock(1));
        assertThat(reduced).isProved();
        assertThat(reduced.endStates()).isEqualTo(all.endStates());
    }

    @Test
    void when_nobody_can_run_time_passes_until_the_lease_ends() {
        Step neverReleased = Sale.step((sale, purchase) -> underLock(sale, purchase, null, false));

        assertThat(explorer.prove(neverReleased, twoTickets)).isProved();
    }

    @Test
    void a_deadline_before_the_end_of_the_lease_makes_the_other_give_up() {
        Step impatient = Sale.step((sale, purchase) -> underLock(sale, purchase, LEASE.minusSeconds(1), false));

        Exploration all = explorer.count(impatient, twoTickets);

        assertThat(all.verdicts()).containsOnlyKeys(Verdict.GAVE_UP).containsEntry(Verdict.GAVE_UP, all.schedules());
    }

    @Test
    void a_deadline_after_the_end_of_the_lease_does_not() {
        Step patient = Sale.step((sale, purchase) -> underLock(sale, purchase, LEASE.plusSeconds(1), false));

        assertThat(explorer.count(patient, twoTickets)).isProved();
    }

    @Test
    @DisplayName("a deadline and a lease that end at one instant are tried in both orders")
    void a_tie_is_tried_in_both_orders() {
        Step tied = Sale.step((sale, purchase) -> underLock(sale, purchase, LEASE, false));

        Exploration all = explorer.count(tied, twoTickets);

        assertThat(all.verdicts()).containsOnlyKeys(Verdict.GAVE_UP);
        assertThat(all.verdicts().get(Verdict.GAVE_UP)).isLessThan(all.schedules());
        assertThat(explorer.prove(tied, twoTickets).verdicts()).containsOnlyKeys(Verdict.GAVE_UP);
    }

    @Test
    void a_lock_without_a_lease_whose_holder_has_crashed_leaves_everybody_stuck() {
        Step noLease = Sale.step((sale, purchase) -> {
            while (sale.redis.set(
                            sale.lock, purchase.buyer(), SetParams.setParams().nx())
                    == null) {
                sale.shop.sleeper().sleep(Duration.ofMillis(50));
            }
            sale.redis.decrBy(sale.stock, purchase.quantity());
            sale.record(purchase);
            sale.redis.del(sale.lock);
            return Outcome.SOLD;
        });

        Exploration all = explorer.count(noLease, twoTickets.oneFault(Fault.CRASH));

        assertThat(all.verdicts()).containsOnlyKeys(Verdict.LOST_STOCK, Verdict.STUCK);
        assertThat(all.capped()).isZero();
        assertThat(explorer.replay(
                                noLease,
                                twoTickets.oneFault(Fault.CRASH),
                                all.shortest().get(Verdict.STUCK))
                        .findings()
                        .toString())
                .contains("STUCK");
    }

    @Test
    void a_pause_after_a_lost_race_is_no_reason_to_stay_asleep() {
        Step backsOff = Sale.step((sale, purchase) -> {
            while (true) {
                try (var transaction = sale.redis.transaction(false)) {
                    transaction.watch(sale.stock);
                    int left = Integer.parseInt(transaction.get(sale.stock).get());
                    if (left < purchase.quantity()) {
                        return Outcome.SOLD_OUT;
                    }
                    transaction.multi();
                    transaction.decrBy(sale.stock, purchase.quantity());
                    transaction.hincrBy(sale.orders, purchase.buyer(), purchase.quantity());
                    if (transaction.exec() != null) {
                        return Outcome.SOLD;
                    }
                }
                sale.shop.sleeper().sleep(Duration.ofMillis(5));
            }
        });

        assertThat(explorer.count(backsOff, twoTickets.stock(1))).isProved().byRunning(20);
        assertThat(explorer.prove(backsOff, twoTickets)).isProved();
    }

    @Test
    @DisplayName("two buyers whose deadlines fall on one instant race from there on")
    void equal_deadlines_race() {
        Step givesUpAndBuys = Sale.step((sale, purchase) -> {
            Instant deadline = sale.shop.clock().instant().plus(LEASE);
            while (sale.redis.get(sale.lock) == null
                    && sale.shop.clock().instant().isBefore(deadline)) {
                sale.shop.sleeper().sleep(Duration.ofSeconds(1), deadline);
            }
            if (sale.left() < purchase.quantity()) {
                return Outcome.SOLD_OUT;
            }
            sale.redis.decrBy(sale.stock, purchase.quantity());
            return sale.record(purchase);
        });

        assertThat(explorer.count(givesUpAndBuys, twoTickets.stock(1)).verdicts())
                .containsKey(Verdict.OVERSOLD);
        assertThat(explorer.prove(givesUpAndBuys, twoTickets.stock(1)).verdicts())
                .containsKey(Verdict.OVERSOLD);
    }

    private static Step pollsAndBuys(int polls) {
        return Sale.step((sale, purchase) -> {
            for (int i = 0; i < polls && sale.redis.get(sale.lock) == null; i++) {
                sale.shop.sleeper().sleep(Duration.ofSeconds(1));
            }
            sale.redis.decrBy(sale.stock, purchase.quantity());
            return sale.record(purchase);
        });
    }

    @Test
    @DisplayName("in which order two give up who poll without a deadline is not explored, and so nothing is proved")
    void polls_without_a_deadline_are_bounded() {
        assertThat(explorer.prove(pollsAndBuys(2), twoTickets).result()).isEqualTo("bounded");
        assertThat(explorer.prove(pollsAndBuys(2), Scenario.named("alone").buyer("Alice", 1)))
                .isProved();
    }

    @Test
    void a_buyer_who_gives_up_after_many_polls_is_not_stuck() {
        assertThat(explorer.prove(pollsAndBuys(30), Scenario.named("alone").buyer("Alice", 1)))
                .isProved();
    }
}
