package flashsale.explore;

import static flashsale.assertions.WorkbookAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import flashsale.redis.RedisServers;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.Verdict;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.params.SetParams;

/** Bugs that a crowd of threads would hardly ever meet. */
class PlantedBugsTest {

    private final Explorer explorer = Explorer.on(RedisServers.shared());
    private final Scenario oneTicket =
            Scenario.named("one ticket").buyer("Alice", 1).buyer("Bob", 1);

    /** Oversells only if Alice is interrupted by Bob, and Bob by Alice, while his mark stands. */
    private static Outcome needsTwoPreemptions(Sale sale, Purchase purchase) {
        String mark = sale.shop.item() + ":mark";
        if (purchase.buyer().equals("Bob")) {
            sale.redis.set(mark, "here");
            sale.redis.del(mark);
            return Outcome.SOLD_OUT;
        }
        boolean before = sale.redis.exists(mark);
        boolean during = sale.redis.exists(mark);
        if (!before && during) {
            sale.redis.hincrBy(sale.orders, "Alice", 2); // the bug
            return Outcome.SOLD;
        }
        sale.redis.decrBy(sale.stock, 1);
        return sale.record(purchase);
    }

    @Test
    @DisplayName("a bug that needs two preemptions is found, and no fewer show it")
    void two_preemptions() {
        Step step = Sale.step(PlantedBugsTest::needsTwoPreemptions);

        Counterexample found = explorer.find(step, oneTicket, Verdict.OVERSOLD).orElseThrow();

        assertThat(found.preemptions()).isEqualTo(2);
        assertThat(found.schedule()).hasToString("1A,1B,2A,1B");
        assertThat(explorer.count(step, oneTicket).verdicts().get(Verdict.OVERSOLD))
                .isEqualTo(2);
    }

    /** Four commands; only between the second and the third do stock and orders disagree. */
    private static Outcome unsafeAtOneCommand(Sale sale, Purchase purchase) {
        sale.left();
        sale.redis.decrBy(sale.stock, 1);
        sale.record(purchase);
        sale.left();
        return Outcome.SOLD;
    }

    @Test
    @DisplayName("a bug that needs a crash at one exact command is found there and nowhere else")
    void a_crash_at_one_exact_command() {
        Step step = Sale.step(PlantedBugsTest::unsafeAtOneCommand);
        Scenario alone = Scenario.named("alone").buyer("Alice", 1).oneFault(Fault.CRASH);

        assertThat(explorer.count(step, alone)).shows(Verdict.LOST_STOCK).in(1).of(5);
        assertThat(explorer.find(step, alone, Verdict.LOST_STOCK).orElseThrow().schedule())
                .hasToString("2A,crash:A");
    }

    /** A lock with a lease around a read and a write; the lease must not end between the two. */
    private static Outcome trustsItsLease(Sale sale, Purchase purchase) {
        if (sale.redis.set(
                        sale.lock, purchase.buyer(), SetParams.setParams().nx().px(10_000))
                == null) {
            return Outcome.CONTENDED;
        }
        int left = sale.left();
        if (left > 0) {
            sale.redis.set(sale.stock, String.valueOf(left - 1));
            sale.record(purchase);
        }
        if (purchase.buyer().equals(sale.redis.get(sale.lock))) {
            sale.redis.del(sale.lock);
        }
        return left > 0 ? Outcome.SOLD : Outcome.SOLD_OUT;
    }

    @Test
    @DisplayName("a bug that needs a lease to end at one exact point is found there, and without expiry there is none")
    void a_lease_that_ends_at_one_exact_point() {
        Step step = Sale.step(PlantedBugsTest::trustsItsLease);
        Scenario withExpiry = oneTicket.oneFault(Fault.LEASE_EXPIRY).allowing(Verdict.GAVE_UP);

        Counterexample found = explorer.find(step, withExpiry, Verdict.OVERSOLD).orElseThrow();

        assertThat(found.schedule()).hasToString("2A,expire:lock,6B,3A");
        assertThat(explorer.prove(step, oneTicket)).isProved();
        assertThat(explorer.prove(step, withExpiry).unexpected()).containsExactly(Verdict.OVERSOLD);
    }

    @Test
    @DisplayName("the search for the shortest and the count of all find schedules of equal length")
    void find_and_count_agree_on_the_shortest() {
        Step step = Sale.step(PlantedBugsTest::trustsItsLease);
        Scenario withExpiry = oneTicket.oneFault(Fault.LEASE_EXPIRY);

        Schedule counted = explorer.count(step, withExpiry).shortest().get(Verdict.OVERSOLD);
        Counterexample found = explorer.find(step, withExpiry, Verdict.OVERSOLD).orElseThrow();

        assertThat(counted.choices()).hasSameSizeAs(found.schedule().choices());
        assertThat(explorer.replay(step, withExpiry, counted).preemptions()).isEqualTo(found.preemptions());
    }

    @Test
    @DisplayName("what no schedule shows is not found")
    void nothing_is_found_where_there_is_nothing() {
        assertThat(explorer.find(
                        Sale.step(PlantedBugsTest::trustsItsLease), oneTicket.oneFault(Fault.CRASH), Verdict.OVERSOLD))
                .isEmpty();
    }
}
