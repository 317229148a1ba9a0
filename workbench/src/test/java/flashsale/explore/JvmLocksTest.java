package flashsale.explore;

import static flashsale.assertions.WorkbookAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.redis.RedisServers;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.Verdict;
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
    void a_crash_takes_the_whole_process() {
        Counterexample crash = explorer.replay(
                synchronizedStep(), oneProcess.oneFault(Fault.CRASH), Schedule.parse("begin:A,begin:B,2A,crash:A"));

        assertThat(crash.findings())
                .singleElement()
                .extracting(finding -> finding.verdict())
                .isEqualTo(Verdict.LOST_STOCK);
    }
}
