package flashsale.lua;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertProofFailsFor;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import flashsale.explore.Exploration;
import flashsale.explore.Explorer;
import flashsale.explore.Step;
import flashsale.lua.PipelinedPurchaseWithout.Without;
import flashsale.redis.RedisServer;
import flashsale.redis.RedisServers;
import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleContext;
import flashsale.sale.SaleKeys;
import flashsale.sale.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.providers.ConnectionProvider;
import redis.clients.jedis.providers.PooledConnectionProvider;

@DisplayName("Step 8 · PipelinedPurchase")
class PipelinedPurchaseTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    @Order(1)
    @DisplayName(
            "three buyers at one server, two tickets: whoever comes when, and whoever sends for whom, it never oversells")
    void neverOversells() {
        assertThat(explore(LuaLesson.PIPELINED_NEVER_OVERSELLS)).isProved().byRunning(30);
    }

    @Test
    @Order(2)
    @DisplayName("another server's purchase may come between those of a batch")
    void othersMayComeBetween() {
        assertThat(explore(LuaLesson.PIPELINED_AT_TWO_SERVERS)).isProved().byRunning(12);
    }

    @Test
    @Order(3)
    @DisplayName("a limit per buyer holds, also within a batch")
    void keepsTheLimit() {
        assertThat(explore(LuaLesson.PIPELINED_WITH_A_LIMIT)).isProved().byRunning(4);
    }

    @Test
    @Order(4)
    @DisplayName("a crash, or a lost reply: who was in the batch does not know, and everybody else goes on")
    void standsACrashOrALostReply() {
        assertThat(explore(LuaLesson.PIPELINED_STANDS_A_CRASH_OR_A_LOST_REPLY))
                .isProved()
                .byRunning(211);
    }

    @Test
    @Order(5)
    @DisplayName("the script cache is emptied at any point, also in the middle of a batch")
    void standsAScriptFlush() {
        assertThat(explore(LuaLesson.PIPELINED_STANDS_A_SCRIPT_FLUSH))
                .isProved()
                .byRunning(78);
    }

    @Test
    @Order(6)
    @DisplayName("who finds the line full is told so, and nothing worse happens")
    void aFullLineIsSaid() {
        assertThat(explore(LuaLesson.A_FULL_LINE_IS_SAID))
                .shows(Verdict.GAVE_UP)
                .in(6)
                .of(30);
    }

    @Test
    @Order(7)
    @DisplayName("an error of one purchase is its own: the neighbours in the batch have their tickets")
    void anErrorIsNobodyElses() {
        Step bobsRecordIsBroken = new Step("src/test", BobsRecordIsBroken.class, BobsRecordIsBroken::new);

        Exploration all = Explorer.on(RedisServers.shared())
                .collectingEndStates()
                .prove(
                        bobsRecordIsBroken,
                        LuaLesson.PIPELINED_NEVER_OVERSELLS
                                .scenario()
                                .called("a ticket for everybody")
                                .stock(3));

        assertThat(all.verdicts()).containsOnlyKeys(Verdict.FAILED);
        assertThat(all.endStates()).singleElement().asString().contains("Alice=1", "Carol=1");
    }

    @Test
    @Order(8)
    @DisplayName("if nobody wakes the line somebody waits for ever; with another's reply the books do not agree")
    void everyPartIsNeeded() {
        assertProofFailsFor(without(Without.WAKING), LuaLesson.PIPELINED_NEVER_OVERSELLS, Verdict.STUCK);
        assertProofFailsFor(without(Without.OWN_REPLY), LuaLesson.PIPELINED_NEVER_OVERSELLS, Verdict.LOST_ORDER);
        assertProofFailsFor(without(Without.RECOVERY), LuaLesson.PIPELINED_STANDS_A_SCRIPT_FLUSH, Verdict.FAILED);
    }

    @Test
    @Order(9)
    @DisplayName("whoever is interrupted while standing in line has the answer all the same, and stays interrupted")
    void interruptedInLine() throws Exception {
        CountDownLatch aliceSends = new CountDownLatch(1);
        CountDownLatch bobIsInLine = new CountDownLatch(1);
        ExecutorService threads = Executors.newCachedThreadPool();
        try (UnifiedJedis redis = new SlowSender(aliceSends, bobIsInLine)) {
            FlashSale sale = new PipelinedPurchase(redis, "concert", OptionalInt.empty(), 1);
            sale.open(2);
            Future<Outcome> alice = threads.submit(() -> sale.buy(new Purchase("Alice", 1, "Alice-1")));
            arrives(aliceSends);
            AtomicReference<Thread> bobsThread = new AtomicReference<>();
            Future<Boolean> bob = threads.submit(() -> {
                bobsThread.set(Thread.currentThread());
                assertThat(sale.buy(new Purchase("Bob", 1, "Bob-1"))).isEqualTo(Outcome.SOLD);
                return Thread.interrupted();
            });
            standsInLine(bobsThread);

            bobsThread.get().interrupt();
            bobIsInLine.countDown();

            assertThat(alice.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo(Outcome.SOLD);
            assertThat(bob.get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as("interrupted")
                    .isTrue();
            assertThat(sale.books()).isEqualTo(Books.of("0", Map.of("Alice", "1", "Bob", "1")));
        } finally {
            bobIsInLine.countDown();
            end(threads);
        }
    }

    @Test
    @Order(10)
    @DisplayName(
            "all who come while one is under way leave in one pipeline, and who finds no room in line is told at once")
    void onePipelineForAllInLine() throws Exception {
        CountDownLatch aliceSends = new CountDownLatch(1);
        CountDownLatch allAreInLine = new CountDownLatch(1);
        ExecutorService threads = Executors.newCachedThreadPool();
        try (SlowSender redis = new SlowSender(aliceSends, allAreInLine)) {
            FlashSale sale = new PipelinedPurchase(redis, "concert", OptionalInt.empty(), 20);
            sale.open(100);
            List<Future<Outcome>> told = new ArrayList<>();
            told.add(threads.submit(() -> sale.buy(new Purchase("Alice", 1, "Alice-1"))));
            arrives(aliceSends);
            for (int i = 0; i < 20; i++) {
                String buyer = "buyer" + i;
                AtomicReference<Thread> thread = new AtomicReference<>();
                told.add(threads.submit(() -> {
                    thread.set(Thread.currentThread());
                    return sale.buy(new Purchase(buyer, 1, buyer + "-1"));
                }));
                standsInLine(thread);
            }

            assertThat(sale.buy(new Purchase("Bob", 1, "Bob-1"))).isEqualTo(Outcome.CONTENDED);
            allAreInLine.countDown();

            for (Future<Outcome> each : told) {
                assertThat(each.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo(Outcome.SOLD);
            }
            assertThat(redis.pipelines).as("one for Alice, one for the line").hasValue(2);
            assertThat(sale.books().remaining()).hasValue(79);
            assertThat(sale.books().orders()).hasSize(21).doesNotContainKey("Bob");
        } finally {
            allAreInLine.countDown();
            end(threads);
        }
    }

    @Test
    @Order(11)
    @DisplayName("whoever has a reply keeps it, even if the connection breaks when it is given back")
    void aReplyIsKept() {
        ConnectionProvider pool = SlowSender.connections();
        try (UnifiedJedis redis = new UnifiedJedis(pool, RedisProtocol.RESP2) {
            @Override
            public AbstractPipeline pipelined() {
                return new Pipeline(pool.getConnection(), true) {
                    @Override
                    public void close() {
                        super.close();
                        throw new JedisConnectionException("broken when it was given back");
                    }
                };
            }
        }) {
            FlashSale sale = new PipelinedPurchase(redis, "concert", OptionalInt.empty(), 1);
            sale.open(1);

            assertThat(sale.buy(new Purchase("Alice", 1, "Alice-1"))).isEqualTo(Outcome.SOLD);
        }
    }

    @Test
    @Order(12)
    @DisplayName(
            "if sending ends in an Error, its batch is told that there is no reply, and whoever comes next can buy")
    void anErrorOfTheSender() {
        AtomicInteger pipelines = new AtomicInteger();
        try (UnifiedJedis redis = new UnifiedJedis(SlowSender.connections(), RedisProtocol.RESP2) {
            @Override
            public AbstractPipeline pipelined() {
                if (pipelines.getAndIncrement() == 0) {
                    throw new StackOverflowError();
                }
                return super.pipelined();
            }
        }) {
            FlashSale sale = new PipelinedPurchase(redis, "concert", OptionalInt.empty(), 1);
            sale.open(1);

            assertThatExceptionOfType(JedisConnectionException.class)
                    .isThrownBy(() -> sale.buy(new Purchase("Alice", 1, "Alice-1")))
                    .withCauseInstanceOf(StackOverflowError.class);
            assertThat(sale.buy(new Purchase("Bob", 1, "Bob-1"))).isEqualTo(Outcome.SOLD);
        }
    }

    /** Whoever sends first is stopped before anything is sent. */
    private static final class SlowSender extends UnifiedJedis {
        private final CountDownLatch sends;
        private final CountDownLatch goesOn;
        private final AtomicInteger pipelines = new AtomicInteger();

        SlowSender(CountDownLatch sends, CountDownLatch goesOn) {
            super(connections(), RedisProtocol.RESP2);
            this.sends = sends;
            this.goesOn = goesOn;
        }

        private static ConnectionProvider connections() {
            RedisServer server = RedisServers.shared();
            return new PooledConnectionProvider(server.address(), server.clientConfig());
        }

        @Override
        public AbstractPipeline pipelined() {
            pipelines.incrementAndGet();
            sends.countDown();
            arrives(goesOn);
            return super.pipelined();
        }
    }

    private static void end(ExecutorService threads) throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(LIMIT.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
    }

    private static void standsInLine(AtomicReference<Thread> buyer) {
        Instant deadline = Instant.now().plus(LIMIT);
        while (buyer.get() == null || buyer.get().getState() != Thread.State.WAITING) {
            assertThat(Instant.now()).as("the buyer stands in line").isBefore(deadline);
            Thread.onSpinWait();
        }
    }

    private static void arrives(CountDownLatch latch) {
        try {
            assertThat(latch.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Order(13)
    @DisplayName("a line without room for anybody is refused, and so is a negative one")
    void refusesALineWithoutRoom() {
        for (int none : new int[] {0, -1}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new PipelinedPurchase(null, "concert", OptionalInt.empty(), none))
                    .withMessage("mostInLine is " + none + ", but must be a whole number from 1");
        }
    }

    private static Step without(Without what) {
        return new Step(
                "src/test",
                PipelinedPurchaseWithout.class,
                shop -> new PipelinedPurchaseWithout(shop.redis(), shop.item(), what));
    }

    /** The script refuses Bob's purchase with an error, since what is recorded of him is no number. */
    private static final class BobsRecordIsBroken implements FlashSale {
        private final FlashSale sale;
        private final UnifiedJedis redis;
        private final SaleKeys keys;

        BobsRecordIsBroken(SaleContext shop) {
            sale = LuaLesson.pipelinedPurchase(3).factory().apply(shop);
            redis = shop.redis();
            keys = new SaleKeys(shop.item());
        }

        @Override
        public void open(int stock) {
            sale.open(stock);
            redis.hset(keys.orders(), "Bob", "broken");
        }

        @Override
        public Outcome buy(Purchase purchase) {
            return sale.buy(purchase);
        }

        @Override
        public Books books() {
            Map<String, String> orders = new TreeMap<>(redis.hgetAll(keys.orders()));
            orders.remove("Bob", "broken");
            return Books.of(redis.get(keys.stock()), orders);
        }
    }
}
