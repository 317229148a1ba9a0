package flashsale.explore;

import static flashsale.assertions.WorkbookAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.redis.RedisServers;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.Verdict;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.redisson.api.BatchOptions;
import org.redisson.api.BatchOptions.ExecutionMode;
import org.redisson.api.RBatch;
import org.redisson.api.RFencedLock;
import org.redisson.api.RLock;
import org.redisson.api.RScript;
import org.redisson.api.RSemaphore;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

@DisplayName("Redisson's commands are held as Jedis's are")
class RedissonTest {

    /** How a purchase gets its lock. */
    private enum Locking {
        WATCHED {
            @Override
            void lock(RLock lock) {
                lock.lock();
            }
        },
        LEASED {
            @Override
            void lock(RLock lock) {
                lock.lock(10, TimeUnit.SECONDS);
            }
        };

        abstract void lock(RLock lock);
    }

    /** The waits that Redisson does by callbacks. */
    private enum Asynchronously {
        LEASED {
            @Override
            void lock(RFencedLock lock) {
                lock.tryLockAndGetToken(30, 10, TimeUnit.SECONDS);
            }
        },
        BY_FUTURE {
            @Override
            void lock(RFencedLock lock) {
                lock.lockAsync(10, TimeUnit.SECONDS).toCompletableFuture().join();
            }
        };

        abstract void lock(RFencedLock lock);
    }

    private final Explorer explorer = Explorer.on(RedisServers.shared());
    private final Scenario oneTicket =
            Scenario.named("one ticket").stock(1).buyer("Alice", 1).buyer("Bob", 1);

    private static RLock lock(Sale sale) {
        return sale.shop.client(RedissonClient.class).getLock(sale.lock);
    }

    private static Outcome sell(Sale sale, Purchase purchase) {
        if (sale.left() < purchase.quantity()) {
            return Outcome.SOLD_OUT;
        }
        sale.redis.decrBy(sale.stock, purchase.quantity());
        return sale.record(purchase);
    }

    /** A crash between the decrement and the record would lose stock, whatever the lock does. */
    private static Outcome sellInOneStep(Sale sale, Purchase purchase) {
        Object sold = sale.shop
                .client(RedissonClient.class)
                .getScript(StringCodec.INSTANCE)
                .eval(
                        RScript.Mode.READ_WRITE,
                        "redis.call('DECRBY', KEYS[1], ARGV[1]); return redis.call('HINCRBY', KEYS[2], ARGV[2], ARGV[1])",
                        RScript.ReturnType.LONG,
                        List.of(sale.stock, sale.orders),
                        purchase.quantity(),
                        purchase.buyer());
        return sold == null ? Outcome.SOLD_OUT : Outcome.SOLD;
    }

    private static Step underLock(Locking locking) {
        return Sale.step((sale, purchase) -> {
            RLock lock = lock(sale);
            locking.lock(lock);
            try {
                return sell(sale, purchase);
            } finally {
                lock.unlock();
            }
        });
    }

    @Test
    @DisplayName("whoever waits for a lock goes on when it is released, and 20 explorations count alike")
    void twenty_times_alike() {
        Set<String> results = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            Exploration all = explorer.count(underLock(Locking.LEASED), oneTicket);
            Exploration reduced = explorer.prove(underLock(Locking.LEASED), oneTicket);
            assertThat(all).isProved();
            assertThat(reduced).isProved();
            results.add(all.schedules() + " of " + reduced.schedules() + " and " + reduced.cut());
        }

        assertThat(results).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("sleep sets and plain search find the same verdicts and end states")
    void agreement(Locking locking) {
        assertAgreement(underLock(locking), oneTicket);
    }

    @Test
    @DisplayName("so they do when a process crashes or a lease ends")
    void agreement_under_faults() {
        assertAgreement(underLock(Locking.LEASED), oneTicket.oneFault(Fault.CRASH, Fault.LEASE_EXPIRY));
    }

    @Test
    @DisplayName("so they do when a reply is lost")
    void agreement_when_replies_are_lost() {
        assertAgreement(underLock(Locking.LEASED), oneTicket.oneFault(Fault.LOST_REPLY));
    }

    @Test
    @DisplayName("so they do when two buyers share a process, and so a client and a subscription")
    void agreement_in_one_process() {
        assertAgreement(underLock(Locking.LEASED), oneTicket.inOneProcess());
    }

    @Test
    @DisplayName("a deadline that the machine's clock decides is refused")
    void deadlines() {
        Step impatient = trying(1);

        assertThatThrownBy(() -> explorer.count(impatient, oneTicket))
                .isInstanceOf(ExplorerException.class)
                .hasMessageContaining("a wait with a deadline before the end of the lease");
        assertThat(explorer.count(trying(3600), oneTicket)).isProved();
    }

    private static Step trying(int seconds) {
        return Sale.step((sale, purchase) -> {
            RLock lock = lock(sale);
            try {
                if (!lock.tryLock(seconds, 10, TimeUnit.SECONDS)) {
                    return Outcome.CONTENDED;
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            try {
                return sell(sale, purchase);
            } finally {
                lock.unlock();
            }
        });
    }

    private void assertAgreement(Step step, Scenario scenario) {
        Exploration all = explorer.collectingEndStates().count(step, scenario);
        Exploration reduced = explorer.collectingEndStates().prove(step, scenario);
        Exploration backwards = explorer.collectingEndStates().lastChoiceFirst().prove(step, scenario);

        assertThat(all.finished()).isTrue();
        assertThat(reduced.schedules()).isLessThanOrEqualTo(all.schedules());
        assertThat(reduced.verdicts().keySet())
                .isEqualTo(all.verdicts().keySet())
                .isEqualTo(backwards.verdicts().keySet());
        assertThat(reduced.endStates()).isEqualTo(all.endStates()).isEqualTo(backwards.endStates());
    }

    @Test
    @DisplayName("when a subscription begins makes no difference: if it is a choice of its own, nothing else is found")
    void subscribing_is_no_choice() {
        Scenario faulty = oneTicket.oneFault(Fault.CRASH, Fault.LEASE_EXPIRY);
        Explorer collecting = explorer.collectingEndStates();

        Exploration asItIs = collecting.prove(underLock(Locking.LEASED), faulty);
        Exploration more = collecting.subscribingIsAChoice().prove(underLock(Locking.LEASED), faulty);

        assertThat(more.schedules()).isGreaterThan(asItIs.schedules());
        assertThat(more.verdicts().keySet()).isEqualTo(asItIs.verdicts().keySet());
        assertThat(more.endStates()).isEqualTo(asItIs.endStates());
    }

    @Test
    @DisplayName("whoever waits for a lock whose holder crashed gets it when the lease ends")
    void crash_of_the_holder() {
        assertThat(explorer.replay(
                                underLock(Locking.WATCHED),
                                oneTicket.stock(2).oneFault(Fault.CRASH),
                                Schedule.parse("1A,2B,crash:A,time:lock,wake:B,5B,tick:B"))
                        .findings())
                .isEmpty();
    }

    @Test
    @DisplayName("a lock that is never released is kept by the watchdog for as long as its process lives")
    void never_released() {
        Step neverReleased = Sale.step((sale, purchase) -> {
            lock(sale).lock();
            return sell(sale, purchase);
        });
        Step leased = Sale.step((sale, purchase) -> {
            lock(sale).lock(10, TimeUnit.SECONDS);
            return sell(sale, purchase);
        });

        Exploration watched = explorer.prove(neverReleased, oneTicket);

        assertThat(watched.verdicts()).containsOnlyKeys(Verdict.STUCK);
        assertThat(explorer.prove(leased, oneTicket)).isProved();
    }

    @Test
    @DisplayName("a semaphore that nobody releases keeps who waits for it for ever")
    void nobody_releases() {
        Step waiting = Sale.step((sale, purchase) -> {
            RSemaphore permits = sale.shop.client(RedissonClient.class).getSemaphore(sale.lock);
            permits.trySetPermits(1);
            try {
                permits.acquire();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return sell(sale, purchase);
        });

        assertThat(explorer.prove(waiting, oneTicket).verdicts()).containsOnlyKeys(Verdict.STUCK);
    }

    @Test
    @DisplayName("who waits asynchronously for a lock, as for a fenced one, goes on in the same way")
    void fenced() {
        Step fenced = Sale.step((sale, purchase) -> {
            RFencedLock lock = sale.shop.client(RedissonClient.class).getFencedLock(sale.lock);
            lock.lockAndGetToken();
            try {
                return sell(sale, purchase);
            } finally {
                lock.unlock();
            }
        });

        assertThat(explorer.count(fenced, oneTicket))
                .isProved()
                .byRunning(explorer.count(underLock(Locking.WATCHED), oneTicket).schedules());
        assertThat(explorer.replay(
                                fenced,
                                oneTicket.stock(2).oneFault(Fault.CRASH),
                                Schedule.parse("1A,2B,crash:A,time:lock,wake:B,5B,tick:B"))
                        .findings())
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = ExecutionMode.class,
            names = {"IN_MEMORY_ATOMIC", "REDIS_WRITE_ATOMIC"})
    @DisplayName("a transaction is one choice, whether its commands are sent one by one or together")
    void transactions(ExecutionMode mode) {
        Step both = Sale.step((sale, purchase) -> {
            RBatch batch = sale.shop
                    .client(RedissonClient.class)
                    .createBatch(BatchOptions.defaults().executionMode(mode));
            batch.getAtomicLong(sale.stock).decrementAndGetAsync();
            batch.<String, Integer>getMap(sale.orders, StringCodec.INSTANCE).addAndGetAsync(purchase.buyer(), 1);
            batch.execute();
            return Outcome.SOLD;
        });

        assertThat(explorer.count(both, oneTicket.stock(2))).isProved().byRunning(2);
    }

    @Test
    @DisplayName("a timeline shows scripts by what they do, and prints alike each time")
    void timeline() {
        List<String> first = replayed();

        assertThat(first)
                .containsExactly(
                        "A EVAL(lock) lock → nil",
                        "B EVAL(lock) lock → 30000",
                        "B EVAL(lock) lock → 30000",
                        "A GET stock → 1",
                        "A DECRBY stock 1 → 0",
                        "A HINCRBY orders Alice 1 → 1",
                        "tick:A EVAL(renew) lock → [1]",
                        "A EVAL(unlock) lock → 1",
                        "B EVAL(lock) lock → nil",
                        "B GET stock → 0",
                        "B EVAL(unlock) lock → 1");
        assertThat(replayed()).isEqualTo(first);
    }

    private List<String> replayed() {
        return explorer
                .replay(underLock(Locking.WATCHED), oneTicket, Schedule.parse("1A,2B,3A,tick:A,1A,3B,tick:B"))
                .trace()
                .stream()
                .map(entry -> entry.choice() + " " + entry.command() + " → " + entry.reply())
                .toList();
    }

    @Test
    @DisplayName("what Redisson throws names no random client and no thread")
    void errors_print_alike() {
        Step notTheOwner = Sale.step((sale, purchase) -> {
            lock(sale).unlock();
            return Outcome.SOLD;
        });

        Counterexample example = explorer.replay(notTheOwner, oneTicket, Schedule.parse("1A,1B"));

        assertThat(example.findings().toString())
                .contains("not locked by current thread by node id: uuid thread-id: Alice");
    }

    @Test
    @DisplayName(
            "a thread for which the buyer's own waits sends the buyer's commands, and is not the owner of its lock")
    void another_thread() {
        Step elsewhere = Sale.step((sale, purchase) -> {
            lock(sale).lock(10, TimeUnit.SECONDS);
            try {
                return sell(sale, purchase);
            } finally {
                CompletableFuture.runAsync(() -> lock(sale).unlock(), task -> new Thread(task, "elsewhere").start())
                        .join();
            }
        });

        Exploration all = explorer.count(elsewhere, oneTicket);

        assertThat(all.verdicts()).containsOnlyKeys(Verdict.FAILED, Verdict.PHANTOM_ORDER);
        assertThat(explorer.replay(elsewhere, oneTicket, all.shortest().get(Verdict.FAILED))
                        .findings()
                        .toString())
                .contains("thread-id: another");
    }

    @Test
    @DisplayName(
            "so it is when the schedule is cut, or its process crashes: what it still does in the end reaches nobody")
    void another_thread_is_stopped() {
        Step elsewhere = Sale.step((sale, purchase) -> {
            lock(sale).lock(10, TimeUnit.SECONDS);
            long owner = Thread.currentThread().getId();
            return CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    return sellInOneStep(sale, purchase);
                                } finally {
                                    lock(sale)
                                            .unlockAsync(owner)
                                            .toCompletableFuture()
                                            .join();
                                }
                            },
                            task -> new Thread(task, "elsewhere").start())
                    .join();
        });

        Exploration reduced = explorer.prove(elsewhere, oneTicket.stock(2).oneFault(Fault.CRASH));

        assertThat(reduced).isProved();
        assertThat(reduced.cut()).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "who waits for a lock asynchronously goes on, on its own thread, when it is released or its lease ends")
    void waiting_asynchronously(Asynchronously how) {
        Step fenced = Sale.step((sale, purchase) -> {
            RFencedLock lock = sale.shop.client(RedissonClient.class).getFencedLock(sale.lock);
            how.lock(lock);
            Outcome outcome = sellInOneStep(sale, purchase);
            lock.unlock();
            return outcome;
        });
        Scenario twoTickets = oneTicket.stock(2);

        assertAgreement(fenced, twoTickets);
        assertThat(explorer.prove(fenced, twoTickets)).isProved();
        assertThat(explorer.prove(fenced, twoTickets.oneFault(Fault.CRASH))).isProved();
    }

    @Test
    @DisplayName("a buyer who waits asynchronously is woken by the message, or by the end of the lease")
    void woken() {
        Step fenced = Sale.step((sale, purchase) -> {
            RFencedLock lock = sale.shop.client(RedissonClient.class).getFencedLock(sale.lock);
            lock.tryLockAndGetToken(30, 10, TimeUnit.SECONDS);
            Outcome outcome = sellInOneStep(sale, purchase);
            lock.unlock();
            return outcome;
        });
        Scenario crash = oneTicket.stock(2).oneFault(Fault.CRASH);

        Counterexample message = explorer.replay(fenced, crash, Schedule.parse("1A,2B,2A,3B"));
        assertThat(message.findings()).isEmpty();
        assertThat(message.trace().get(1).reply()).isEqualTo("[10000, -1]");
        assertThat(explorer.replay(fenced, crash, Schedule.parse("1A,2B,crash:A,time:lock,wake:B,3B"))
                        .findings())
                .isEmpty();
    }

    @Test
    @DisplayName("an exploration starts no thread of Redisson's or Netty's, and leaves none of its own")
    void threads() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();

        explorer.prove(underLock(Locking.WATCHED), oneTicket);

        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> !before.contains(thread))
                        .map(Thread::getName)
                        .collect(Collectors.toSet()))
                .isEmpty();
    }
}
