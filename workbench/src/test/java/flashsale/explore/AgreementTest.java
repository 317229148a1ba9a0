package flashsale.explore;

import static org.assertj.core.api.Assertions.assertThat;

import flashsale.redis.RedisServers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.params.XReadGroupParams;

@DisplayName("On real Redis, sleep sets and plain depth-first search find the same verdicts and end states")
class AgreementTest {

    private static final int SEEDS_PER_KIND = Integer.getInteger("agreement.seeds", 1);
    private static final int MOST_SCHEDULES = 20_000;

    private final Explorer explorer =
            Explorer.on(RedisServers.shared()).collectingEndStates().atMost(MOST_SCHEDULES);

    static Stream<Arguments> configurations() {
        List<List<Fault>> faults = List.of(
                List.of(),
                List.of(Fault.CRASH),
                List.of(Fault.LOST_REPLY),
                List.of(Fault.LEASE_EXPIRY, Fault.CRASH),
                List.of(Fault.EVICTION),
                List.of(Fault.SCRIPT_FLUSH, Fault.LEASE_EXPIRY));
        return IntStream.range(0, SEEDS_PER_KIND * faults.size())
                .mapToObj(seed -> Arguments.of(seed, faults.get(seed % faults.size())));
    }

    @ParameterizedTest(name = "seed {0}, {1}")
    @MethodSource("configurations")
    @DisplayName("two buyers, each in a process of its own")
    void two_processes(int seed, List<Fault> faults) {
        assertAgreement(seed, faults, List.of("Alice", "Bob"), 6, 0);
    }

    @ParameterizedTest(name = "seed {0}, {1}")
    @MethodSource("configurations")
    @DisplayName("two buyers in one process, under a JVM lock or not")
    void one_process(int seed, List<Fault> faults) {
        assertAgreement(seed, faults, List.of("Alice", "Bob"), 6, 2);
    }

    @ParameterizedTest(name = "seed {0}, {1}")
    @MethodSource("configurations")
    @DisplayName("three buyers")
    void three_processes(int seed, List<Fault> faults) {
        assertAgreement(seed, faults, List.of("Alice", "Bob", "Carol"), 5, 0);
    }

    private static Stream<Arguments> steps() {
        String bumpElsewhere = "redis.call('GET', KEYS[1]) return redis.call('APPEND', ARGV[1], ARGV[2])";
        return Stream.of(
                Arguments.of("a consumer group's XREADGROUP moves the group on", (Sale.Buy) (sale, purchase) -> {
                    if (purchase.buyer().equals("Alice")) {
                        sale.redis.xadd(sale.lock, new StreamEntryID("1-1"), Map.of("unit", "1"));
                        sale.redis.xadd(sale.lock, new StreamEntryID("1-2"), Map.of("unit", "2"));
                    }
                    throw new IllegalStateException(""
                            + sale.redis.xreadGroup(
                                    "group",
                                    purchase.buyer(),
                                    XReadGroupParams.xReadGroupParams().count(1),
                                    Map.of(sale.lock, StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY)));
                }),
                Arguments.of("a script touches a key that it does not declare", (Sale.Buy) (sale, purchase) -> {
                    sale.redis.eval(bumpElsewhere, List.of(sale.orders), List.of(sale.lock, purchase.buyer()));
                    throw new IllegalStateException("done");
                }),
                Arguments.of("a lost reply, and tidying up", (Sale.Buy) (sale, purchase) -> {
                    try {
                        sale.redis.decrBy(sale.stock, 1);
                        return sale.record(purchase);
                    } finally {
                        sale.redis.del(sale.lock);
                    }
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("steps")
    @DisplayName("what is easily taken for independent")
    void nearly_independent(String what, Sale.Buy buy) {
        Step step = new Step("test", Sale.class, shop -> {
            if (what.contains("XREADGROUP") && !shop.redis().exists("sale:{concert}:lock")) {
                shop.redis().xgroupCreate("sale:{concert}:lock", "group", new StreamEntryID("0-0"), true);
            }
            return Sale.step(buy).factory().apply(shop);
        });
        Scenario scenario =
                Scenario.named(what).buyer("Alice", 1).buyer("Bob", 1).oneFault(Fault.LOST_REPLY);

        Exploration all = explorer.oneByOne().count(step, scenario);

        assertThat(all.endStates()).hasSizeGreaterThan(1);
        assertSame(all, explorer.prove(step, scenario), "with sleep sets", what);
    }

    @ParameterizedTest(name = "seed {0}, {1}")
    @MethodSource("configurations")
    @DisplayName("three buyers, two of them in one process")
    void mixed_processes(int seed, List<Fault> faults) {
        assertAgreement(seed, faults, List.of("Alice", "Bob", "Carol"), 4, 2);
    }

    /** @param together how many buyers one process serves: all, or else the first and the last; 0 for nobody */
    private void assertAgreement(int seed, List<Fault> faults, List<String> buyers, int most, int together) {
        RandomPrograms programs = new RandomPrograms(seed, buyers, most, together > 0 && seed % 2 == 0);
        Scenario scenario = Scenario.named("seed " + seed).attempts(2);
        for (String buyer : buyers) {
            scenario = scenario.buyer(buyer, 1);
        }
        if (!faults.isEmpty()) {
            scenario = scenario.oneFault(faults.toArray(Fault[]::new));
        }
        if (together == buyers.size()) {
            scenario = scenario.inOneProcess();
        } else if (together > 0) {
            scenario = scenario.inOneProcess(buyers.get(0), buyers.get(buyers.size() - 1));
        }
        Exploration all = explorer.oneByOne().count(programs.step(), scenario);
        Exploration reduced = explorer.prove(programs.step(), scenario);
        Exploration backwards = explorer.lastChoiceFirst().prove(programs.step(), scenario);

        assertThat(all.finished() && reduced.finished() && backwards.finished()).isTrue();
        assertSame(all, reduced, "with sleep sets", programs);
        assertSame(all, backwards, "with sleep sets, backwards", programs);
        assertThat(reduced.schedules()).isLessThanOrEqualTo(all.schedules());
    }

    private static void assertSame(Exploration plain, Exploration reduced, String how, Object programs) {
        assertThat(missing(plain, reduced)).as("missing %s: %s", how, programs).isEmpty();
        assertThat(missing(reduced, plain)).as("only %s: %s", how, programs).isEmpty();
        assertThat(reduced.verdicts().keySet()).isEqualTo(plain.verdicts().keySet());
        assertThat(reduced.byFault().keySet()).isEqualTo(plain.byFault().keySet());
        assertThat(reduced.capped() > 0).isEqualTo(plain.capped() > 0);
    }

    private static Set<String> missing(Exploration from, Exploration in) {
        Set<String> missing = new TreeSet<>(from.endStates());
        missing.removeAll(in.endStates());
        return missing;
    }
}
