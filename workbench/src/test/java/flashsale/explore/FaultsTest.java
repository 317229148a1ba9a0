package flashsale.explore;

import static flashsale.assertions.WorkbookAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.redis.EmbeddedRedis;
import flashsale.redis.RedisServers;
import flashsale.sale.Books;
import flashsale.sale.Finding;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleContext;
import flashsale.sale.SaleKeys;
import flashsale.sale.Verdict;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import redis.clients.jedis.params.SetParams;

@DisplayName("Faults, caps, replays, and what the explorer refuses")
class FaultsTest {

    private final Explorer explorer = Explorer.on(RedisServers.shared());
    private final Scenario alone = Scenario.named("alone").buyer("Alice", 1);
    private final Scenario oneTicket = alone.called("one ticket").buyer("Bob", 1);

    private static Outcome decrement(Sale sale, Purchase purchase) {
        sale.redis.decrBy(sale.stock, purchase.quantity());
        return sale.record(purchase);
    }

    @Test
    void after_a_crash_not_even_a_finally_block_reaches_redis() {
        Step tidy = Sale.step((sale, purchase) -> {
            try {
                sale.left();
                return decrement(sale, purchase);
            } finally {
                sale.redis.set(sale.stock, "77");
            }
        });

        Counterexample crashed = explorer.replay(tidy, alone.oneFault(Fault.CRASH), Schedule.parse("1A,crash:A"));

        assertThat(crashed.findings()).isEmpty();
        assertThat(crashed.trace()).last().extracting(TraceEntry::stock).isEqualTo("1");
    }

    @Test
    void a_lost_reply_is_executed_and_the_outcome_is_unknown() {
        Exploration all = explorer.count(
                Sale.step((sale, purchase) -> {
                    sale.left();
                    try (var transaction = sale.redis.transaction(true)) {
                        transaction.decrBy(sale.stock, purchase.quantity());
                        transaction.hincrBy(sale.orders, purchase.buyer(), purchase.quantity());
                        transaction.exec();
                        return Outcome.SOLD;
                    }
                }),
                alone.oneFault(Fault.LOST_REPLY));

        assertThat(all).isProved().byRunning(3);
    }

    @Test
    void a_client_that_repeats_after_a_lost_reply_is_heard_again() {
        Exploration all = explorer.count(
                Sale.step((sale, purchase) -> {
                    for (int attempt = 0; ; attempt++) {
                        try (var transaction = sale.redis.transaction(true)) {
                            transaction.decrBy(sale.stock, purchase.quantity());
                            transaction.hincrBy(sale.orders, purchase.buyer(), purchase.quantity());
                            transaction.exec();
                            return Outcome.SOLD;
                        } catch (JedisConnectionException lost) {
                            if (attempt == 1) {
                                throw lost;
                            }
                        }
                    }
                }),
                alone.stock(2).oneFault(Fault.LOST_REPLY));

        assertThat(all).shows(Verdict.PHANTOM_ORDER).in(1).of(2);
    }

    @Test
    void what_an_eviction_alone_destroys_is_not_blamed_on_the_step() {
        Exploration all = explorer.count(
                Sale.step((sale, purchase) -> {
                    String script = "local left = redis.call('GET', KEYS[1]) "
                            + "if not left or tonumber(left) < 1 then return 0 end "
                            + "redis.call('DECR', KEYS[1]) redis.call('HINCRBY', KEYS[2], ARGV[1], 1) return 1";
                    boolean told = sale.redis.exists(sale.stock);
                    Object sold = sale.redis.eval(script, List.of(sale.stock, sale.orders), List.of(purchase.buyer()));
                    return sold.equals(1L) ? Outcome.SOLD : told ? Outcome.SOLD_OUT : Outcome.NO_SUCH_SALE;
                }),
                oneTicket.oneFault(Fault.EVICTION));

        assertThat(all).isProved();
        assertThat(all.byFault()).containsOnlyKeys(Verdict.LOST_STOCK, Verdict.LOST_ORDER);
    }

    /**
     * One unit in each of two parts; a buyer takes from the first that has any, and writes the order down there, unless
     * the step forgets that.
     */
    private record Split(SaleContext shop, boolean forgets) implements FlashSale {

        static Step step(boolean forgets) {
            return new Step(
                    "test",
                    Split.class,
                    shop -> new Split(shop, forgets),
                    keys -> List.of(keys.shard(0).stock(), keys.shard(1).stock()));
        }

        private List<SaleKeys> parts() {
            SaleKeys keys = new SaleKeys(shop.item());
            return List.of(keys.shard(0), keys.shard(1));
        }

        @Override
        public void open(int stock) {
            parts().forEach(part -> shop.redis().set(part.stock(), "1"));
        }

        @Override
        public Outcome buy(Purchase purchase) {
            String script = "if tonumber(redis.call('GET', KEYS[1]) or 0) < 1 then return 0 end "
                    + "redis.call('DECR', KEYS[1]) return redis.call('HINCRBY', KEYS[2], ARGV[1], ARGV[2])";
            List<String> order = List.of(purchase.buyer(), forgets ? "0" : "1");
            for (SaleKeys part : parts()) {
                List<String> keys = List.of(part.stock(), part.orders());
                shop.redis().eval(script, keys, order);
                if (shop.redis().hexists(part.orders(), purchase.buyer())) {
                    return Outcome.SOLD;
                }
            }
            return Outcome.SOLD_OUT;
        }

        @Override
        public Books books() {
            int left = 0;
            Map<String, Integer> orders = new HashMap<>();
            for (SaleKeys part : parts()) {
                Books books =
                        Books.of(shop.redis().get(part.stock()), shop.redis().hgetAll(part.orders()));
                left += books.remaining().orElse(0);
                books.orders().forEach((buyer, units) -> orders.merge(buyer, units, Integer::sum));
            }
            return new Books(OptionalInt.of(left), orders, Map.of());
        }
    }

    @Test
    void where_the_stock_is_split_the_eviction_of_any_part_is_told_from_the_loss_of_an_order() {
        Scenario twoUnits = alone.stock(2).oneFault(Fault.EVICTION);
        Schedule schedule = Schedule.parse("evict:stock-0,4A");

        Counterexample noOrderIsGone = explorer.replay(Split.step(false), twoUnits, schedule);
        Counterexample anOrderIsGone = explorer.replay(Split.step(true), twoUnits, schedule);

        assertThat(noOrderIsGone.findings())
                .extracting(Finding::toString)
                .containsExactly("LOST_STOCK: 2 existed, 1 recorded, 0 on sale: 1 gone (by the fault)");
        assertThat(noOrderIsGone.trace())
                .extracting(TraceEntry::stock)
                .containsExactly("-+1", "-+1", "-+1", "-+0", "-+0");
        assertThat(anOrderIsGone.findings())
                .extracting(Finding::toString)
                .contains("LOST_ORDER: Alice was told 1 sold, the books hold 0");
    }

    @Test
    void an_empty_script_cache_is_met_and_mended() {
        Step loadsAgain = Sale.step((sale, purchase) -> {
            String script = "redis.call('DECR', KEYS[1]) return redis.call('HINCRBY', KEYS[2], ARGV[1], 1)";
            String sha = sale.redis.scriptLoad(script, sale.stock);
            try {
                sale.redis.evalsha(sha, 2, sale.stock, sale.orders, purchase.buyer());
            } catch (JedisNoScriptException flushed) {
                sale.redis.eval(script, 2, sale.stock, sale.orders, purchase.buyer());
            }
            return Outcome.SOLD;
        });

        Exploration all = explorer.count(loadsAgain, alone.oneFault(Fault.SCRIPT_FLUSH));

        assertThat(all).isProved();
        assertThat(explorer.replay(loadsAgain, alone.oneFault(Fault.SCRIPT_FLUSH), Schedule.parse("1A,flush,2A"))
                        .trace()
                        .toString())
                .contains("NOSCRIPT");
    }

    @Test
    @DisplayName("where somebody calls a script by its hash, every schedule begins with an empty script cache")
    void the_script_cache_is_emptied_where_it_matters() {
        String script = "return redis.call('DECR', KEYS[1])";
        Step byHash = Sale.step((sale, purchase) -> {
            if (purchase.buyer().equals("Alice")) {
                sale.redis.eval(script, 1, sale.stock);
            } else {
                try {
                    sale.redis.evalsha("3d313f4d1760202a7cf5249a568eac4cce3cd361", 1, sale.stock);
                } catch (JedisNoScriptException notYet) {
                    return Outcome.SOLD_OUT;
                }
            }
            return sale.record(purchase);
        });

        Exploration all = explorer.collectingEndStates().count(byHash, oneTicket.stock(2));

        assertThat(all).shows(Verdict.TURNED_AWAY).in(1).of(4);
        assertThat(explorer.collectingEndStates()
                        .prove(byHash, oneTicket.stock(2))
                        .endStates())
                .isEqualTo(all.endStates());
    }

    @Test
    @DisplayName("if that comes out only after some schedules, the search starts again")
    void a_late_discovery_that_the_script_cache_matters() {
        String script = "return redis.call('DECR', KEYS[1])";
        Step byHashIfLate = Sale.step((sale, purchase) -> {
            sale.redis.set(sale.lock, "in time", SetParams.setParams().px(10_000));
            if (sale.redis.get(sale.lock) != null) {
                sale.redis.eval(script, 1, sale.stock);
                return sale.record(purchase);
            }
            try {
                sale.redis.evalsha("3d313f4d1760202a7cf5249a568eac4cce3cd361", 1, sale.stock);
                return sale.record(purchase);
            } catch (JedisNoScriptException notThere) {
                return Outcome.SOLD_OUT;
            }
        });

        assertThat(explorer.count(byHashIfLate, alone.oneFault(Fault.LEASE_EXPIRY)))
                .shows(Verdict.TURNED_AWAY)
                .in(1)
                .of(4);
    }

    @Test
    void faults_can_be_confined_to_moments() {
        Scenario afterTheDecrement = alone.oneFault(Fault.CRASH)
                .onlyWhen(moment -> moment.commands().get(0).contains("DECRBY stock 1"));

        assertThat(explorer.count(Sale.step(FaultsTest::decrement), afterTheDecrement))
                .shows(Verdict.LOST_STOCK)
                .in(1)
                .of(2);
    }

    @Test
    void two_faults_strike_only_where_two_are_allowed() {
        Step step = Sale.step(FaultsTest::decrement);
        Scenario two = oneTicket.stock(2).faults(2, Fault.CRASH);

        assertThat(explorer.find(step, two, Verdict.LOST_STOCK).orElseThrow().faults())
                .isOne();
        assertThat(explorer.count(step, two).schedules())
                .isGreaterThan(explorer.count(step, two.oneFault(Fault.CRASH)).schedules());
    }

    @Test
    @DisplayName("a step that never gives up is stopped at the cap, and then nothing is proved")
    void a_capped_search_is_bounded() {
        Step endless = Sale.step((sale, purchase) -> {
            while (purchase.buyer().equals("Alice") && sale.left() > 0) {
                sale.redis.ping();
            }
            return decrement(sale, purchase);
        });

        Exploration capped = explorer.count(endless, alone.attempts(3));

        assertThat(capped.result()).isEqualTo("bounded");
        assertThat(capped.proved()).isFalse();
        assertThat(capped.capped()).isOne();
        assertThat(capped.coverage()).contains("bounded").contains("after 3 attempts");
        assertThatThrownBy(() -> assertThat(capped).isProved()).isInstanceOf(AssertionError.class);
    }

    @Test
    void a_search_that_stops_at_the_limit_on_schedules_proves_nothing() {
        Exploration stopped = explorer.atMost(5).count(Sale.step(FaultsTest::decrement), oneTicket.stock(2));

        assertThat(stopped.schedules()).isEqualTo(5);
        assertThat(stopped.result()).isEqualTo("bounded");
    }

    @Test
    void a_replay_that_does_not_fit_says_where() {
        Step step = Sale.step(FaultsTest::decrement);

        assertThatThrownBy(() -> explorer.replay(step, oneTicket, Schedule.parse("1A,crash:B")))
                .isInstanceOf(DivergedException.class)
                .hasMessage("diverged at step 2: crash:B is not possible here; possible: [A, B]");
        assertThatThrownBy(() -> explorer.replay(step, oneTicket, Schedule.parse("2A,1B")))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("ends after step 3");
        assertThatThrownBy(() -> explorer.replay(step, oneTicket, Schedule.parse("2A,2B,1A")))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("diverged at step 5: the sale was over");
    }

    @Test
    void a_replay_names_the_line_that_sent_each_command() {
        Counterexample replay =
                explorer.replay(Sale.step((sale, purchase) -> sale.record(purchase)), alone, Schedule.parse("1A"));

        assertThat(replay.trace()).singleElement().satisfies(entry -> {
            assertThat(entry.command()).isEqualTo("HINCRBY orders Alice 1");
            assertThat(entry.reply()).isEqualTo("1");
            assertThat(entry.line()).isPositive();
        });
    }

    @Test
    @DisplayName("a replay writes random values as uuid-1, uuid-2, and a script by its first line")
    void a_replay_prints_alike_every_time() {
        Step random = Sale.step((sale, purchase) -> {
            String mine = UUID.randomUUID().toString();
            sale.redis.set(sale.lock, mine);
            sale.redis.setGet(sale.lock, UUID.randomUUID().toString());
            sale.redis.eval("-- delete if mine\nreturn redis.call('DEL', KEYS[1])", 1, sale.lock, mine);
            sale.redis.eval("redis.call('DEL', KEYS[1]) redis.call('DEL', KEYS[2])", 2, sale.lock, sale.orders);
            String known = sale.redis.scriptLoad("-- look\nreturn redis.call('GET', KEYS[1])", sale.lock);
            sale.redis.evalsha(known, 1, sale.lock);
            return sale.record(purchase);
        });

        assertThat(explorer.replay(random, alone, Schedule.parse("7A")).trace())
                .extracting(entry -> entry.command() + " → " + entry.reply())
                .containsExactly(
                        "SET lock uuid-1 → OK",
                        "SET lock uuid-2 GET → uuid-1",
                        "EVAL(delete if mine) lock uuid-1 → 1",
                        "EVAL(redis.call('DEL', KEYS[1]) re…) lock orders → nil",
                        "SCRIPT LOAD -- look return redis.call('GET', KEYS[1]) → f5bad9c8a487a4dbe03f236285fe5073dc5db633",
                        "EVALSHA(look) lock → nil",
                        "HINCRBY orders Alice 1 → 1");
    }

    @Test
    void a_step_that_is_not_the_same_every_time_is_noticed() {
        int[] calls = {0};
        Step moody = Sale.step((sale, purchase) -> {
            if (calls[0]++ % 3 == 0) {
                sale.left();
            }
            return decrement(sale, purchase);
        });

        assertThatThrownBy(() -> explorer.count(moody, oneTicket.stock(2)))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("not deterministic");
    }

    @Test
    void the_commands_of_a_pipeline_happen_one_by_one_in_the_order_of_the_schedule() {
        Step pipelined = Sale.step((sale, purchase) -> {
            try (var pipeline = sale.redis.pipelined()) {
                pipeline.decrBy(sale.stock, purchase.quantity());
                pipeline.hincrBy(sale.orders, purchase.buyer(), purchase.quantity());
                pipeline.sync();
            }
            return Outcome.SOLD;
        });

        assertThat(explorer.count(pipelined, oneTicket.stock(2))).isProved().byRunning(6);
    }

    @Test
    void what_a_transaction_queues_is_no_scheduling_point() {
        Step transaction = Sale.step((sale, purchase) -> {
            try (var tx = sale.redis.transaction(true)) {
                tx.decrBy(sale.stock, purchase.quantity());
                tx.hincrBy(sale.orders, purchase.buyer(), purchase.quantity());
                tx.exec();
            }
            return Outcome.SOLD;
        });

        assertThat(explorer.count(transaction, oneTicket.stock(2))).isProved().byRunning(2);
    }

    @Test
    void a_watch_that_is_left_alive_does_not_reach_the_next_schedule() {
        Step leaky = Sale.step((sale, purchase) -> {
            var left = sale.redis.transaction(false); // never closed
            left.watch(sale.stock);
            return decrement(sale, purchase);
        });

        assertThat(explorer.count(leaky, oneTicket.stock(2))).isProved().byRunning(20);
    }

    @Test
    void a_command_that_waits_on_the_server_is_refused() {
        Step blocking = Sale.step((sale, purchase) -> {
            sale.redis.blpop(1, "queue");
            return Outcome.SOLD_OUT;
        });

        assertThatThrownBy(() -> explorer.count(blocking, oneTicket))
                .isInstanceOf(ExplorerException.class)
                .hasMessageContaining("BLPOP");
    }

    @ParameterizedTest
    @SuppressWarnings("deprecation") // sendCommand without a key
    @ValueSource(strings = {"SELECT 1", "MOVE key 1", "SWAPDB 0 1"})
    void a_command_that_leaves_the_database_is_refused(String command) {
        String[] words = command.split(" ");
        Step leaving = Sale.step((sale, purchase) -> {
            sale.redis.sendCommand(
                    Command.valueOf(words[0]), Arrays.stream(words).skip(1).toArray(String[]::new));
            return Outcome.SOLD_OUT;
        });

        assertThatThrownBy(() -> explorer.count(leaving, oneTicket))
                .isInstanceOf(ExplorerException.class)
                .hasMessageContaining("Alice sent " + words[0] + "; the explorer sees and empties one database only");
    }

    @Test
    void a_thread_that_the_explorer_does_not_know_is_refused() {
        Step spawning = Sale.step((sale, purchase) -> {
            StringBuilder said = new StringBuilder();
            Thread other = new Thread(
                    () -> {
                        try {
                            sale.left();
                        } catch (IllegalStateException refused) {
                            said.append(refused.getMessage());
                        }
                    },
                    "the step's own thread");
            other.start();
            try {
                other.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            throw new IllegalStateException(said.toString());
        });

        assertThat(explorer.replay(spawning, alone, Schedule.parse("1A")).findings())
                .anySatisfy(finding -> assertThat(finding.evidence())
                        .contains("the step's own thread")
                        .contains("is no buyer"));
    }

    @Test
    @DisplayName("a server that dies in the middle of an exploration is no verdict, and nobody waits for it")
    void the_server_dies() {
        EmbeddedRedis mortal = EmbeddedRedis.start();
        int[] purchases = {0};
        Step killer = Sale.step((sale, purchase) -> {
            if (purchases[0]++ == 5) {
                mortal.close();
            }
            return decrement(sale, purchase);
        });

        assertThatThrownBy(() -> Explorer.on(mortal).count(killer, oneTicket.stock(2)))
                .isInstanceOf(ExplorerException.class)
                .hasMessageContaining("lost " + mortal.description())
                .hasMessageContaining("nothing was decided");
        assertThatThrownBy(() -> Explorer.on(mortal).count(killer, oneTicket))
                .isInstanceOf(ExplorerException.class)
                .hasMessageContaining("lost " + mortal.description());
    }

    @Test
    void no_thread_outlives_an_exploration() {
        explorer.count(Sale.step(FaultsTest::decrement), oneTicket.stock(2));

        assertThat(Thread.getAllStackTraces().keySet()).noneMatch(Actor.class::isInstance);
    }

    @Test
    void a_lost_reply_stays_one_when_the_step_tidies_up_and_wraps_it() {
        Step tidy = Sale.step((sale, purchase) -> {
            try {
                sale.redis.decrBy(sale.stock, 1);
                return sale.record(purchase);
            } catch (JedisConnectionException lost) {
                throw new IllegalStateException("no answer", lost);
            } finally {
                sale.redis.del(sale.lock);
            }
        });

        assertThat(explorer.count(tidy, alone.oneFault(Fault.LOST_REPLY)).verdicts())
                .doesNotContainKeys(Verdict.FAILED, Verdict.PHANTOM_ORDER);
    }

    @Test
    void no_outcome_at_all_is_a_failure() {
        assertThat(explorer.replay(Sale.step((sale, purchase) -> null), alone, Schedule.parse("1A"))
                        .findings()
                        .toString())
                .contains("null in place of an outcome");
    }

    @Test
    void a_sale_may_open_and_read_its_books_in_a_transaction_or_a_pipeline() {
        Step atomic = new Step("test", Sale.class, shop -> new AtomicBooks(shop));

        assertThat(explorer.count(atomic, oneTicket.stock(2))).isProved().byRunning(6);
    }

    /** Opens in a transaction and reads in a pipeline. */
    private record AtomicBooks(SaleContext shop) implements FlashSale {
        @Override
        public void open(int stock) {
            try (var transaction = shop.redis().transaction(true)) {
                transaction.set("sale:{concert}:stock", String.valueOf(stock));
                transaction.del("sale:{concert}:orders");
                transaction.exec();
            }
        }

        @Override
        public Outcome buy(Purchase purchase) {
            shop.redis().decrBy("sale:{concert}:stock", 1);
            shop.redis().hincrBy("sale:{concert}:orders", purchase.buyer(), 1);
            return Outcome.SOLD;
        }

        @Override
        public Books books() {
            try (var pipeline = shop.redis().pipelined()) {
                var stock = pipeline.get("sale:{concert}:stock");
                var orders = pipeline.hgetAll("sale:{concert}:orders");
                pipeline.sync();
                return Books.of(stock.get(), orders.get());
            }
        }
    }

    @Test
    void a_transaction_that_is_closed_twice_is_lent_once() {
        Step twice = Sale.step((sale, purchase) -> {
            var transaction = sale.redis.transaction(false);
            transaction.watch(sale.stock);
            transaction.close();
            transaction.close();
            return decrement(sale, purchase);
        });

        assertThat(explorer.count(twice, oneTicket.stock(2))).isProved();
    }

    @Test
    void a_scenario_without_buyers_is_refused() {
        assertThatThrownBy(() -> explorer.count(Sale.step(FaultsTest::decrement), Scenario.named("nobody")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nobody");
    }
}
