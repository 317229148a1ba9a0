package flashsale.explore;

import static flashsale.assertions.WorkbookAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.redis.RedisServers;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("JVM locks and memory that buyers of one process share")
class JvmLocksTest {

    private final Explorer explorer = Explorer.on(RedisServers.shared());
    private final Scenario oneProcess =
            Scenario.named("one process").buyer("Alice", 1).buyer("Bob", 1).inOneProcess();

    private static Outcome checkThenDecrement(Sale sale, Purchase purchase) {
        if (sale.left() < purchase.quantity()) {
            return Outcome.SOLD_OUT;
        }
        sale.redis.decrBy(sale.stock, purchase.quantity());
        return sale.record(purchase);
    }

    private final Scenario mixed = Scenario.named("Alice and Carol in one process, Bob in another")
            .buyer("Alice", 1)
            .buyer("Bob", 1)
            .buyer("Carol", 1)
            .inOneProcess("Alice", "Carol");

    private static Step synchronizedStep() {
        return Sale.step((sale, purchase) -> {
            synchronized (sale) {
                return checkThenDecrement(sale, purchase);
            }
        });
    }

    @Test
    void a_monitor_is_seen() {
        assertThat(explorer.count(synchronizedStep(), oneProcess)).isProved().byRunning(8);
    }

    @Test
    void a_reentrant_lock_is_seen() {
        Step locked = new Step("test", Sale.class, shop -> {
            ReentrantLock lock = new ReentrantLock();
            return Sale.step((sale, purchase) -> {
                        lock.lock();
                        try {
                            return checkThenDecrement(sale, purchase);
                        } finally {
                            lock.unlock();
                        }
                    })
                    .factory()
                    .apply(shop);
        });

        assertThat(explorer.count(locked, oneProcess)).isProved().byRunning(8);
    }

    @Test
    @DisplayName("three buyers queue for one lock in every order, with never more than one waiting")
    void three_buyers_at_one_lock() {
        Exploration all = explorer.count(synchronizedStep(), oneProcess.buyer("Carol", 1));

        assertThat(all).isProved();
        assertThat(all.cut()).isPositive();
    }

    @Test
    void two_purchases_of_one_buyer_each_begin_by_choice() {
        Scenario twice = Scenario.named("twice")
                .stock(2)
                .buyer("Alice", 1, 1)
                .buyer("Bob", 1)
                .inOneProcess();

        assertThat(explorer.count(synchronizedStep(), twice)).isProved();
    }

    @Test
    @DisplayName("who gets a lock next must not be left to the JVM: a second one in line after a command is refused")
    void a_second_one_in_line_is_refused() {
        Step commandFirst = Sale.step((sale, purchase) -> {
            sale.left();
            synchronized (sale) {
                return checkThenDecrement(sale, purchase);
            }
        });

        assertThatThrownBy(() -> explorer.count(commandFirst, oneProcess.buyer("Carol", 1)))
                .isInstanceOf(ExplorerException.class)
                .hasMessageContaining("fewer buyers in one process");
    }

    /** The first to come buys for both, and tells the other; if the first does not tell, the other waits for ever. */
    private static Step firstBuysForBoth(boolean tells) {
        return new Step("test", Sale.class, shop -> {
            List<Purchase> line = new ArrayList<>();
            Map<Purchase, Outcome> told = new HashMap<>();
            return Sale.step((sale, purchase) -> {
                        synchronized (line) {
                            line.add(purchase);
                            if (line.size() == 2) {
                                return waitFor(purchase, line, told);
                            }
                        }
                        sale.left();
                        synchronized (line) {
                            for (Purchase each : line) {
                                sale.redis.decrBy(sale.stock, 1);
                                told.put(each, sale.record(each));
                            }
                            line.clear();
                            if (tells) {
                                line.notifyAll();
                            }
                            return told.get(purchase);
                        }
                    })
                    .factory()
                    .apply(shop);
        });
    }

    private static Outcome waitFor(Purchase purchase, Object line, Map<Purchase, Outcome> told) {
        try {
            while (told.get(purchase) == null) {
                line.wait();
            }
            return told.get(purchase);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @DisplayName("a buyer who waits for another to notify it goes on when it is notified")
    void who_waits_to_be_notified_is_seen() {
        Scenario twoTickets = oneProcess.stock(2);
        Counterexample first =
                explorer.replay(firstBuysForBoth(true), twoTickets, Schedule.parse("begin:A,begin:B,5A"));

        assertThat(first.findings()).isEmpty();
        assertThat(explorer.count(firstBuysForBoth(true), twoTickets).verdicts())
                .isEmpty();
    }

    @Test
    void who_is_never_notified_is_stuck_and_the_next_schedule_does_not_suffer() {
        Exploration all = explorer.count(firstBuysForBoth(false), oneProcess.stock(2));

        assertThat(all.verdicts()).containsKey(Verdict.STUCK);
        assertThat(all.finished()).isTrue();
    }

    @Test
    @DisplayName("who is never notified, and goes on waiting when interrupted, is refused at once")
    void who_waits_on_when_interrupted_is_refused() {
        Step waitsForEver = Sale.step((sale, purchase) -> {
            synchronized (purchase) {
                while (true) {
                    try {
                        purchase.wait();
                    } catch (InterruptedException onceMore) {
                        continue;
                    }
                }
            }
        });

        assertThatThrownBy(() -> explorer.count(waitsForEver, oneProcess))
                .isInstanceOf(ExplorerException.class)
                .hasMessageContaining("waits to be notified, and nobody is left to do it")
                .hasMessageContaining(JvmLocksTest.class.getName());
    }

    @Test
    @DisplayName("who is notified first must not be left to the JVM: two who wait on one monitor are refused")
    void two_who_wait_on_one_monitor_are_refused() {
        Step waits = Sale.step((sale, purchase) -> {
            synchronized (sale) {
                return waitFor(purchase, sale, Map.of());
            }
        });

        assertThatThrownBy(() -> explorer.count(waits, oneProcess))
                .isInstanceOf(ExplorerException.class)
                .hasMessageContaining("fewer buyers in one process");
    }

    @Test
    void a_static_lock_cannot_stand_for_two_application_servers() {
        Step staticLock = Sale.step((sale, purchase) -> {
            synchronized (JvmLocksTest.class) {
                return checkThenDecrement(sale, purchase);
            }
        });
        Scenario twoProcesses =
                Scenario.named("two processes").buyer("Alice", 1).buyer("Bob", 1);

        assertThatThrownBy(() -> explorer.count(staticLock, twoProcesses))
                .isInstanceOf(ExplorerException.class)
                .hasMessageContaining("a static lock cannot stand for two application servers");
    }

    @Test
    void memory_that_two_buyers_share_is_explored() {
        Step cachesTheStock = new Step("test", Sale.class, shop -> {
            Integer[] cached = {null};
            return Sale.step((sale, purchase) -> {
                        if (cached[0] == null) {
                            cached[0] = sale.left();
                        }
                        if (cached[0] < 1) {
                            return Outcome.SOLD_OUT;
                        }
                        cached[0] = cached[0] - 1;
                        sale.redis.decrBy(sale.stock, 1);
                        return sale.record(purchase);
                    })
                    .factory()
                    .apply(shop);
        });

        assertThat(explorer.count(cachesTheStock, oneProcess).verdicts()).containsKey(Verdict.OVERSOLD);
        assertThat(explorer.prove(cachesTheStock, oneProcess).verdicts()).containsKey(Verdict.OVERSOLD);
    }

    @Test
    @DisplayName("two buyers in one process and a third in another: a JVM lock keeps only the two apart")
    void a_lock_guards_its_own_process_only() {
        Exploration all = explorer.prove(synchronizedStep(), mixed);

        assertThat(all).shows(Verdict.OVERSOLD);
        assertThat(explorer.replay(synchronizedStep(), mixed, Schedule.parse("begin:A,1A,3B,begin:C,2A,1C"))
                        .findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.evidence()).isEqualTo("2 sold, 1 existed"));
    }

    @Test
    void each_process_has_an_instance_of_its_own() {
        Step remembersWhoWasFirst = new Step("test", Sale.class, shop -> {
            String[] first = {null};
            return Sale.step((sale, purchase) -> {
                        first[0] = first[0] == null ? purchase.buyer() : first[0];
                        sale.redis.hset("first", purchase.buyer(), first[0]);
                        return Outcome.SOLD_OUT;
                    })
                    .factory()
                    .apply(shop);
        });

        Exploration all = explorer.collectingEndStates().count(remembersWhoWasFirst, mixed);

        assertThat(all.endStates())
                .hasSize(2)
                .allSatisfy(end -> assertThat(end).contains("Bob=Bob"))
                .anySatisfy(end -> assertThat(end).contains("Alice=Alice", "Carol=Alice"))
                .anySatisfy(end -> assertThat(end).contains("Alice=Carol", "Carol=Carol"));
    }

    @Test
    void who_shares_a_process_must_be_a_buyer_already() {
        assertThatThrownBy(() -> mixed.inOneProcess("Alice", "Dave"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Dave");
        assertThatThrownBy(() -> mixed.inOneProcess("Alice", "Alice")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_crash_spares_the_other_process() {
        Counterexample crash = explorer.replay(
                synchronizedStep(), mixed.oneFault(Fault.CRASH), Schedule.parse("begin:A,1A,begin:C,crash:A,3B"));

        assertThat(crash.findings()).isEmpty();
    }

    @Test
    void a_crash_takes_the_whole_process() {
        Counterexample crash = explorer.replay(
                synchronizedStep(), oneProcess.oneFault(Fault.CRASH), Schedule.parse("begin:A,begin:B,2A,crash:A"));

        assertThat(crash.findings())
                .singleElement()
                .extracting(finding -> finding.verdict())
                .isEqualTo(Verdict.LOST_STOCK);
    }
}
