package flashsale.crowd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.sale.Answer.NeverReturned;
import flashsale.sale.Answer.Threw;
import flashsale.sale.Answer.Told;
import flashsale.sale.Books;
import flashsale.sale.Finding;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleRecord.Wish;
import flashsale.sale.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A crowd")
@Timeout(30)
class CrowdTest {

    private static final Duration SHORT = Duration.ofMillis(50);

    /** Where the time to end was short, a thread may still be on its way out. */
    @AfterEach
    void leaves_no_thread_behind() throws InterruptedException {
        for (Thread thread : crowdThreads()) {
            thread.join(10_000);
        }
        assertThat(crowdThreads())
                .as("threads of the crowd that are still alive")
                .isEmpty();
    }

    private static List<Thread> crowdThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .filter(thread -> thread.getName().startsWith("crowd"))
                .toList();
    }

    @Nested
    class At_a_correct_sale {

        @Test
        void buys_all_there_is_and_goes_home_clean() {
            CrowdResult result = Crowd.buyers(500).buy(new CorrectSale(), 100);

            assertThat(result.findings()).isEmpty();
            assertThat(result.isClean()).isTrue();
            assertThat(result.told()).containsExactly(Map.entry(Outcome.SOLD, 100), Map.entry(Outcome.SOLD_OUT, 400));
            assertThat(result.sale().books().remaining()).hasValue(0);
            assertThat(result.sale().newcomer()).isEmpty();
            assertThat(result).hasToString("500 buyers, 500 units wanted, 100 existed: 100 sold, 400 sold out; clean");
        }

        @Test
        void may_number_tens_of_thousands() {
            CrowdResult result = Crowd.buyers(20_000).threads(64).buy(new CorrectSale(), 100);

            assertThat(result.isClean()).isTrue();
            assertThat(result.told()).isEqualTo(Map.of(Outcome.SOLD, 100, Outcome.SOLD_OUT, 19_900));
        }

        @Test
        void wants_what_it_is_told_to_want() {
            CrowdResult result = Crowd.buyers(500).wanting(i -> 1 + i % 3).buy(new CorrectSale(), 2000);

            assertThat(result.sale().wishes())
                    .extracting(wish -> wish.purchase().quantity())
                    .startsWith(1, 2, 3, 1);
            assertThat(result.summary())
                    .isEqualTo("500 buyers, 999 units wanted, 2000 existed: 500 sold (999 units); clean");
        }

        @Test
        void is_audited_with_its_limit() {
            List<Purchase> purchases = List.of(new Purchase("Alice", 2, "a"), new Purchase("Alice", 1, "b"));

            CrowdResult knowing = Crowd.of(purchases).limit(2).buy(new CorrectSale(2), 9);
            CrowdResult forgetful = Crowd.of(purchases).limit(2).buy(new CorrectSale(), 9);

            assertThat(knowing.findings()).isEmpty();
            assertThat(knowing.summary())
                    .isEqualTo("1 buyer, 3 units wanted, 9 existed: 1 sold (2 units), 1 limit reached; clean");
            assertThat(forgetful.summary())
                    .isEqualTo("1 buyer, 3 units wanted, 9 existed: 2 sold (3 units); "
                            + "OVER_LIMIT: Alice holds 3, the limit is 2");
        }

        @Test
        void repeats_a_request_without_wanting_it_twice() {
            Purchase purchase = new Purchase("Alice", 2, "a");

            CrowdResult result = Crowd.of(List.of(purchase, purchase)).buy(new CorrectSale(), 5);

            assertThat(result.sale().books().sold()).isEqualTo(2);
            assertThat(result.summary()).isEqualTo("1 buyer, 2 units wanted, 5 existed: 2 sold; clean");
        }

        @Test
        void makes_the_purchases_of_one_buyer_one_after_the_other() {
            List<Purchase> purchases = new ArrayList<>();
            IntStream.range(0, 50).forEach(i -> purchases.add(new Purchase("Alice", 1, "a" + i)));
            IntStream.range(0, 50).forEach(i -> purchases.add(new Purchase("Bob", 1, "b" + i)));
            Map<String, List<String>> order = new ConcurrentHashMap<>();
            FlashSale sale = new Fake(purchase -> {
                order.computeIfAbsent(purchase.buyer(), b -> new ArrayList<>()).add(purchase.requestId());
                return Outcome.SOLD_OUT;
            });

            CrowdResult result = Crowd.of(purchases).buy(sale, 0);

            assertThat(order.get("Alice"))
                    .isEqualTo(IntStream.range(0, 50).mapToObj(i -> "a" + i).toList());
            assertThat(order.get("Bob"))
                    .isEqualTo(IntStream.range(0, 50).mapToObj(i -> "b" + i).toList());
            assertThat(result.sale().wishes()).extracting(Wish::purchase).isEqualTo(purchases);
        }

        @Test
        void can_come_again_to_another_sale() {
            Crowd crowd = Crowd.buyers(10);

            assertThat(crowd.buy(new CorrectSale(), 10).summary())
                    .isEqualTo("10 buyers, 10 units wanted, 10 existed: 10 sold; clean");
            assertThat(crowd.buy(new CorrectSale(), 0).summary())
                    .isEqualTo("10 buyers, 10 units wanted, 0 existed: 10 sold out; clean");
        }
    }

    @Nested
    class At_a_broken_sale {

        @Test
        void is_oversold_by_exactly_what_it_was_promised() {
            CorrectSale sale = new CorrectSale() {
                @Override
                boolean hasEnough(int quantity) {
                    return true;
                }
            };

            CrowdResult result = Crowd.buyers(500).buy(sale, 100);

            assertThat(result.findings())
                    .containsExactly(new Finding(Verdict.OVERSOLD, "500 sold, 100 existed", false));
            assertThat(result.isClean()).isFalse();
            assertThat(result.summary())
                    .isEqualTo("500 buyers, 500 units wanted, 100 existed: 500 sold; "
                            + "OVERSOLD: 500 sold, 100 existed");
        }

        @Test
        void reports_every_purchase_that_threw_and_goes_on() {
            AtomicInteger calls = new AtomicInteger();
            FlashSale sale = new Fake(purchase -> {
                calls.incrementAndGet();
                throw new IllegalStateException("no\n  connection");
            });
            List<Purchase> purchases =
                    List.of(new Purchase("Alice", 1, "a"), new Purchase("Alice", 1, "b"), new Purchase("Bob", 1, "c"));

            CrowdResult result = Crowd.of(purchases).buy(sale, 0);

            assertThat(calls).hasValue(3);
            assertThat(result.sale().wishes())
                    .extracting(Wish::answer)
                    .containsOnly(new Threw("IllegalStateException: no\n  connection"));
            assertThat(result.findings())
                    .extracting(Finding::verdict)
                    .containsOnly(Verdict.FAILED)
                    .hasSize(3);
            assertThat(result.told()).isEmpty();
            assertThat(result.summary())
                    .isEqualTo("2 buyers, 3 units wanted, 0 existed: 3 threw; FAILED: Alice's purchase threw "
                            + "IllegalStateException: no connection (and 2 more)");
        }

        @Test
        void survives_errors_and_missing_answers() {
            CrowdResult result = Crowd.of(List.of(new Purchase("Alice", 1, "a"), new Purchase("Bob", 1, "b")))
                    .buy(
                            new Fake(purchase -> {
                                if (purchase.buyer().equals("Alice")) {
                                    throw new StackOverflowError("deep");
                                }
                                return null;
                            }),
                            0);

            assertThat(result.sale().wishes())
                    .extracting(Wish::answer)
                    .containsExactly(new Threw("StackOverflowError: deep"), new Threw("null in place of an outcome"));
        }
    }

    @Nested
    class A_newcomer {

        @Test
        void buys_one_unit_of_what_remains_after_the_books_were_read() {
            CorrectSale sale = new CorrectSale();

            CrowdResult result = Crowd.buyers(3).buy(sale, 4);

            assertThat(result.sale().newcomer()).contains(new Told(Outcome.SOLD));
            assertThat(result.sale().books().remaining()).hasValue(1);
            assertThat(sale.books().remaining()).hasValue(0);
            assertThat(result.sale().wishes()).hasSize(3);
            assertThat(result.latency().getTotalCount()).isEqualTo(3);
        }

        @Test
        void who_cannot_buy_what_remains_shows_that_the_sale_is_stuck() {
            CorrectSale sale = new CorrectSale() {
                @Override
                public Outcome buy(Purchase purchase) {
                    return purchase.buyer().equals("a newcomer") ? Outcome.CONTENDED : super.buy(purchase);
                }
            };

            assertThat(Crowd.buyers(3).buy(sale, 4).findings())
                    .containsExactly(new Finding(
                            Verdict.STUCK,
                            "1 remained, but a newcomer was told CONTENDED after every lease had run out",
                            false));
        }

        @Test
        void is_not_asked_when_no_stock_key_remains() {
            FlashSale sale = new Fake(purchase -> Outcome.NO_SUCH_SALE);

            assertThat(Crowd.buyers(1).buy(sale, 0).sale().newcomer()).isEmpty();
        }

        @Test
        void who_never_gets_an_answer_is_not_waited_for() {
            Hanging sale = new Hanging(1, purchase -> purchase.buyer().equals("a newcomer"));

            CrowdResult result = Crowd.buyers(3).in(sale.untilAllHang()).buy(sale, 4);

            assertThat(result.findings()).extracting(Finding::verdict).containsExactly(Verdict.STUCK);
            assertThat(result.sale().newcomer()).containsInstanceOf(NeverReturned.class);
            assertThat(result.told()).isEqualTo(Map.of(Outcome.SOLD, 3));
        }

        @Test
        void whose_thread_ignores_its_interrupt_is_named() throws InterruptedException {
            Hanging sale = new Hanging(1, purchase -> purchase.buyer().equals("a newcomer")).stubbornly();

            CrowdResult result =
                    Crowd.buyers(1).within(SHORT).in(sale.untilAllHang()).buy(sale, 2);
            sale.letGo();

            assertThat(result.stillRunning()).containsExactly("crowd-1");
        }
    }

    @Nested
    class When_time_runs_out {

        @Test
        void calls_that_still_run_never_return_and_their_threads_end() {
            Hanging sale = new Hanging(4, purchase -> true);

            CrowdResult result =
                    Crowd.buyers(4).threads(4).in(sale.untilAllHang()).buy(sale, 0);

            assertThat(result.sale().wishes())
                    .extracting(Wish::answer)
                    .containsOnly(new NeverReturned("no answer when time ran out"))
                    .hasSize(4);
            assertThat(result.findings())
                    .extracting(Finding::verdict)
                    .containsOnly(Verdict.STUCK)
                    .hasSize(4);
            assertThat(result.timedOut()).isTrue();
            assertThat(result.isClean()).isFalse();
            assertThat(result.stillRunning()).isEmpty();
            assertThat(sale.interrupted).hasValue(4);
            assertThat(crowdThreads()).isEmpty();
            assertThat(result.summary())
                    .isEqualTo("4 buyers, 4 units wanted, 0 existed: 4 never returned; "
                            + "STUCK: buyer-1's call never returns: no answer when time ran out (and 3 more); "
                            + "time ran out");
        }

        @Test
        void on_a_real_clock_the_crowd_goes_home_too() {
            long before = System.nanoTime();

            CrowdResult result = Crowd.buyers(4).within(SHORT).buy(new Hanging(4, purchase -> true), 0);

            assertThat(result.timedOut()).isTrue();
            assertThat(result.isClean()).isFalse();
            assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(SHORT.toNanos());
        }

        @Test
        void whoever_had_no_turn_is_not_asked() {
            Hanging sale = new Hanging(1, purchase -> true);
            List<Purchase> purchases =
                    List.of(new Purchase("Alice", 1, "a"), new Purchase("Alice", 1, "b"), new Purchase("Bob", 2, "c"));

            CrowdResult result =
                    Crowd.of(purchases).threads(1).in(sale.untilAllHang()).buy(sale, 0);

            assertThat(sale.interrupted).as("calls").hasValue(1);
            assertThat(result.sale().wishes()).hasSize(1);
            assertThat(result.neverAsked()).isEqualTo(purchases.subList(1, 3));
            assertThat(result.summary())
                    .startsWith("2 buyers, 4 units wanted, 0 existed: 1 never returned, 2 never asked; STUCK: Alice's");
        }

        @Test
        void the_newcomer_is_not_asked_either() {
            Hanging sale = new Hanging(1, purchase -> true);

            CrowdResult result = Crowd.buyers(1).in(sale.untilAllHang()).buy(sale, 1);

            assertThat(result.sale().books().remaining()).hasValue(1);
            assertThat(result.sale().newcomer()).isEmpty();
        }

        @Test
        void nobody_is_asked_if_the_opening_took_all_of_it() {
            Environment noTime = new Environment(Environment::daemon, within -> () -> 0);

            CrowdResult result = Crowd.buyers(2).in(noTime).buy(new CorrectSale(), 2);

            assertThat(result.isClean()).isFalse();
            assertThat(result.neverAsked()).hasSize(2);
            assertThat(result.took()).isZero();
            assertThat(result.latencyMicros(99)).isZero();
            assertThat(result.summary()).isEqualTo("2 buyers, 2 units wanted, 2 existed: 2 never asked; time ran out");
        }

        @Test
        void a_thread_that_never_comes_is_not_waited_for() {
            AtomicInteger made = new AtomicInteger();
            CountDownLatch lost = new CountDownLatch(1);
            ThreadFactory lastOneIsLost = task -> made.incrementAndGet() < 3
                    ? Environment.daemon(task)
                    : Environment.daemon(() -> {
                        lost.countDown();
                        assertThatThrownBy(CrowdTest::hang).hasMessage("interrupted");
                    });
            Environment untilLost = new Environment(lastOneIsLost, within -> () -> lost.getCount() * 1_000_000);

            CrowdResult result = Crowd.buyers(3).in(untilLost).buy(new CorrectSale(), 3);

            assertThat(result.neverAsked()).hasSize(3);
            assertThat(result.stillRunning()).isEmpty();
        }

        @Test
        void a_thread_that_ignores_its_interrupt_is_named_and_its_late_answer_does_not_count()
                throws InterruptedException {
            Hanging sale = new Hanging(1, purchase -> true).stubbornly();

            CrowdResult result =
                    Crowd.buyers(1).within(SHORT).in(sale.untilAllHang()).buy(sale, 0);
            boolean daemon = sale.hanging.stream().allMatch(Thread::isDaemon);
            sale.letGo();

            assertThat(result.stillRunning()).containsExactly("crowd-1");
            assertThat(result.summary()).endsWith("; time ran out; 1 still running");
            assertThat(daemon).isTrue();
        }

        @Test
        void an_answer_that_comes_after_the_interrupt_does_not_count() {
            Hanging sale = new Hanging(2, purchase -> true) {
                @Override
                public Outcome buy(Purchase purchase) {
                    try {
                        return super.buy(purchase);
                    } catch (IllegalStateException interrupted) {
                        return Outcome.SOLD;
                    }
                }
            };

            CrowdResult result = Crowd.buyers(2).in(sale.untilAllHang()).buy(sale, 0);

            assertThat(result.told()).isEmpty();
            assertThat(result.sale().wishes())
                    .extracting(Wish::answer)
                    .hasSize(2)
                    .hasOnlyElementsOfType(NeverReturned.class);
        }
    }

    @Nested
    class When_something_fails {

        @Test
        void a_sale_that_does_not_open_tells_why() {
            FlashSale sale = new CorrectSale() {
                @Override
                public void open(int stock) {
                    throw new IllegalStateException("no server");
                }
            };

            assertThatThrownBy(() -> Crowd.buyers(9).buy(sale, 1)).hasMessage("no server");
        }

        @Test
        void books_that_cannot_be_read_tell_why() {
            FlashSale sale = new CorrectSale() {
                @Override
                public Books books() {
                    throw new IllegalStateException("no server");
                }
            };

            assertThatThrownBy(() -> Crowd.buyers(9).buy(sale, 1)).hasMessage("no server");
        }

        @Test
        void threads_that_wait_for_one_that_cannot_be_made_are_sent_home() {
            AtomicInteger made = new AtomicInteger();
            CorrectSale sale = new CorrectSale();
            ThreadFactory four = task -> {
                if (made.incrementAndGet() > 4) {
                    throw new OutOfMemoryError("unable to create native thread");
                }
                return Environment.daemon(task);
            };

            assertThatThrownBy(() -> Crowd.buyers(9)
                            .threads(5)
                            .in(new Environment(four, Environment::realTime))
                            .buy(sale, 9))
                    .isInstanceOf(OutOfMemoryError.class);
            assertThat(crowdThreads()).isEmpty();
            assertThat(sale.books().remaining()).as("nobody has bought").hasValue(9);
        }

        @Test
        void an_interrupt_ends_the_wait_and_stays_set() {
            Thread caller = Thread.currentThread();
            FlashSale sale = new Fake(purchase -> {
                caller.interrupt();
                return hang();
            });

            assertThatThrownBy(() -> Crowd.buyers(1).buy(sale, 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("interrupted while the crowd was buying");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Nested
    class Threads {

        @Test
        void are_released_together_when_all_of_them_are_there() {
            CountDownLatch somebodyBought = new CountDownLatch(1);
            AtomicInteger arrived = new AtomicInteger();
            AtomicBoolean early = new AtomicBoolean();
            FlashSale sale = new Fake(purchase -> {
                somebodyBought.countDown();
                return Outcome.SOLD_OUT;
            });
            ThreadFactory lastOneIsLate = task -> Environment.daemon(() -> {
                if (arrived.incrementAndGet() == 8) {
                    early.set(await(somebodyBought, Duration.ofMillis(100)));
                }
                task.run();
            });

            Crowd.buyers(100)
                    .threads(8)
                    .in(new Environment(lastOneIsLate, Environment::realTime))
                    .buy(sale, 0);

            assertThat(early)
                    .as("somebody bought before the last thread was there")
                    .isFalse();
            assertThat(somebodyBought.getCount()).isZero();
        }

        @ParameterizedTest
        @CsvSource({"40, 8, 8", "8, 8, 8", "8, 500, 8", "4, 1, 1"})
        void are_as_many_as_allowed_and_never_more(int buyers, int threads, int expected) {
            CyclicBarrier together = new CyclicBarrier(expected);
            AtomicInteger inside = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            FlashSale sale = new Fake(purchase -> {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                try {
                    together.await(20, TimeUnit.SECONDS);
                } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                    throw new IllegalStateException("fewer than " + expected + " came", e);
                } finally {
                    inside.decrementAndGet();
                }
                return Outcome.SOLD_OUT;
            });

            CrowdResult result = Crowd.buyers(buyers).threads(threads).buy(sale, 0);

            assertThat(result.findings()).isEmpty();
            assertThat(most).hasValue(expected);
        }
    }

    @Nested
    class Application_servers {

        @Test
        void get_the_buyers_in_turn_and_share_one_sale() {
            CorrectSale shared = new CorrectSale();
            List<Server> servers = List.of(new Server(shared), new Server(shared), new Server(shared));

            CrowdResult result = Crowd.buyers(10).buy(servers, 11);

            assertThat(servers)
                    .extracting(server -> server.served.keySet().size())
                    .containsExactly(4 + 1, 3, 3);
            assertThat(servers.get(0).served).containsKeys("buyer-1", "buyer-4", "buyer-7", "buyer-10", "a newcomer");
            assertThat(servers.get(1).served).containsOnlyKeys("buyer-2", "buyer-5", "buyer-8");
            assertThat(servers).extracting(server -> server.opened.get()).containsExactly(1, 0, 0);
            assertThat(result.findings()).isEmpty();
        }

        @Test
        void keep_their_buyers() {
            CorrectSale shared = new CorrectSale();
            List<Server> servers = List.of(new Server(shared), new Server(shared));
            List<Purchase> purchases = List.of(
                    new Purchase("Alice", 1, "a"),
                    new Purchase("Alice", 1, "b"),
                    new Purchase("Bob", 1, "c"),
                    new Purchase("Alice", 1, "d"));

            Crowd.of(purchases).buy(servers, 4);

            assertThat(servers.get(0).served).isEqualTo(Map.of("Alice", 3));
            assertThat(servers.get(1).served).isEqualTo(Map.of("Bob", 1));
        }
    }

    @Nested
    class Latency {

        @Test
        void has_one_value_for_each_purchase() {
            CrowdResult result = Crowd.buyers(300).buy(new CorrectSale(), 100);

            assertThat(result.latency().getTotalCount()).isEqualTo(300);
            assertThat(result.latencyMicros(50)).isBetween(0L, result.latencyMicros(99));
            assertThat(result.latencyMicros(100)).isEqualTo(result.latency().getMaxValue());
            assertThat(result.speed())
                    .matches("300 purchases in \\d+ ms: half within \\d+\\.\\d ms, 99 % within \\d+\\.\\d ms, "
                            + "all within \\d+\\.\\d ms");
        }

        @Test
        void is_counted_in_microseconds_until_a_call_that_never_returns_is_given_up() {
            Hanging sale = new Hanging(1, purchase -> true);
            Environment aWhileAfterAllHang = new Environment(Environment::daemon, within -> {
                LongSupplier untilAllHang = sale.untilAllHang().timer().apply(within);
                return () -> untilAllHang.getAsLong() + sale.nanosLeftOf(Duration.ofMillis(100));
            });

            CrowdResult result = Crowd.buyers(1).in(aWhileAfterAllHang).buy(sale, 0);

            assertThat(result.latency().getTotalCount()).isEqualTo(1);
            assertThat(result.latencyMicros(100)).isBetween(100_000L, 20_000_000L);
            assertThat(result.took()).isBetween(Duration.ofMillis(100), Duration.ofSeconds(20));
        }

        @Test
        void cannot_be_changed_from_outside() {
            CrowdResult result = Crowd.buyers(2).buy(new CorrectSale(), 2);
            result.latency().reset();

            assertThat(result.latency().getTotalCount()).isEqualTo(2);
        }
    }

    @Nested
    class Bad_input {

        @ParameterizedTest
        @ValueSource(ints = {0, -1})
        void is_a_crowd_a_limit_or_a_number_of_threads_below_one(int number) {
            assertRefused(() -> Crowd.buyers(number), "buyers is " + number + ", but must be a whole number from 1");
            assertRefused(
                    () -> Crowd.buyers(1).threads(number),
                    "threads is " + number + ", but must be a whole number from 1");
            assertRefused(
                    () -> Crowd.buyers(1).limit(number), "limit is " + number + ", but must be a whole number from 1");
            assertRefused(
                    () -> Crowd.buyers(1).wanting(i -> number),
                    "quantity is " + number + ", but must be a whole number from 1");
        }

        @Test
        void is_a_crowd_without_purchases_or_with_the_newcomer_in_it() {
            assertRefused(() -> Crowd.of(List.of()), "purchases is [], but must hold at least one purchase");
            assertRefused(
                    () -> Crowd.of(List.of(new Purchase("a newcomer", 1, "a"))),
                    "buyer is \"a newcomer\", but must be another name: "
                            + "this one asks for a unit when the crowd has gone");
        }

        @ParameterizedTest
        @ValueSource(strings = {"PT0S", "PT-1S", "PT24H0.000000001S"})
        void is_a_bound_that_is_no_time_or_more_than_a_day(Duration within) {
            assertRefused(
                    () -> Crowd.buyers(1).within(within),
                    "within is " + within + ", but must be above zero and at most PT24H");
        }

        @Test
        void is_a_sale_without_servers_or_with_negative_stock_and_then_nothing_is_opened() {
            Server server = new Server(new CorrectSale());

            assertRefused(() -> Crowd.buyers(1).buy(List.of(), 1), "servers is [], but must hold at least one sale");
            assertRefused(() -> Crowd.buyers(1).buy(server, -1), "stock is -1, but must be a whole number from 0");
            assertThat(server.opened).hasValue(0);
        }

        private void assertRefused(ThrowingCallable call, String message) {
            assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
        }
    }

    // ---- sales in memory ----

    /** Waits for ever, unless interrupted. */
    private static Outcome hang() {
        await(new CountDownLatch(1), Duration.ofDays(1));
        throw new AssertionError("waited for a day");
    }

    private static boolean await(CountDownLatch latch, Duration atMost) {
        try {
            return latch.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Answers as it is told, and has empty books. */
    private record Fake(Function<Purchase, Outcome> answers) implements FlashSale {
        @Override
        public void open(int stock) {
            // Nothing to sell.
        }

        @Override
        public Outcome buy(Purchase purchase) {
            return answers.apply(purchase);
        }

        @Override
        public Books books() {
            return new Books(OptionalInt.empty(), Map.of(), Map.of());
        }
    }

    /** One buyer at a time, each request once. */
    private static class CorrectSale implements FlashSale {

        private final int limit;
        private final Map<String, Integer> orders = new TreeMap<>();
        private final Set<String> requests = ConcurrentHashMap.newKeySet();
        private int remaining;

        CorrectSale() {
            this(Integer.MAX_VALUE);
        }

        CorrectSale(int limit) {
            this.limit = limit;
        }

        boolean hasEnough(int quantity) {
            return remaining >= quantity;
        }

        @Override
        public synchronized void open(int stock) {
            remaining = stock;
            orders.clear();
        }

        @Override
        public Outcome buy(Purchase purchase) {
            synchronized (this) {
                if (requests.contains(purchase.requestId())) {
                    return Outcome.SOLD;
                } else if (!hasEnough(purchase.quantity())) {
                    return Outcome.SOLD_OUT;
                } else if (orders.getOrDefault(purchase.buyer(), 0) + purchase.quantity() > limit) {
                    return Outcome.LIMIT_REACHED;
                }
                requests.add(purchase.requestId());
                remaining -= purchase.quantity();
                orders.merge(purchase.buyer(), purchase.quantity(), Integer::sum);
                return Outcome.SOLD;
            }
        }

        @Override
        public synchronized Books books() {
            return new Books(OptionalInt.of(remaining), orders, Map.of());
        }
    }

    /** A correct sale in which some calls hang; time runs out as soon as so many of them do. */
    private static class Hanging extends CorrectSale {

        private final CountDownLatch missing;
        private final Predicate<Purchase> hangs;
        private final Set<Thread> hanging = ConcurrentHashMap.newKeySet();
        private final AtomicInteger interrupted = new AtomicInteger();
        private final AtomicBoolean stubborn = new AtomicBoolean();
        private volatile long lastHangsSince;

        Hanging(int expected, Predicate<Purchase> hangs) {
            this.missing = new CountDownLatch(expected);
            this.hangs = hangs;
        }

        /** Ignores the interrupt. */
        Hanging stubbornly() {
            stubborn.set(true);
            return this;
        }

        void letGo() throws InterruptedException {
            stubborn.set(false);
            for (Thread thread : hanging) {
                thread.join();
            }
        }

        Environment untilAllHang() {
            long aLittle = TimeUnit.MILLISECONDS.toNanos(1);
            return new Environment(Environment::daemon, within -> () -> missing.getCount() == 0 ? 0 : aLittle);
        }

        long nanosLeftOf(Duration sinceAllHang) {
            return Math.max(0, lastHangsSince + sinceAllHang.toNanos() - System.nanoTime());
        }

        @Override
        public Outcome buy(Purchase purchase) {
            if (!hangs.test(purchase)) {
                return super.buy(purchase);
            }
            hanging.add(Thread.currentThread());
            lastHangsSince = System.nanoTime();
            missing.countDown();
            try {
                while (stubborn.get()) {
                    Thread.onSpinWait();
                }
                return hang();
            } finally {
                interrupted.incrementAndGet();
            }
        }
    }

    /** One application server of a shared sale. */
    private static final class Server implements FlashSale {

        private final FlashSale sale;
        private final Map<String, Integer> served = new ConcurrentHashMap<>();
        private final AtomicInteger opened = new AtomicInteger();

        Server(FlashSale sale) {
            this.sale = sale;
        }

        @Override
        public void open(int stock) {
            opened.incrementAndGet();
            sale.open(stock);
        }

        @Override
        public Outcome buy(Purchase purchase) {
            served.merge(purchase.buyer(), 1, Integer::sum);
            return sale.buy(purchase);
        }

        @Override
        public Books books() {
            return sale.books();
        }
    }
}
