package flashsale.lua;

import static flashsale.sale.Verdict.FAILED;
import static flashsale.sale.Verdict.GAVE_UP;
import static flashsale.sale.Verdict.LOST_ORDER;
import static flashsale.sale.Verdict.LOST_STOCK;
import static flashsale.sale.Verdict.OVERSOLD;
import static flashsale.sale.Verdict.OVER_LIMIT;
import static flashsale.sale.Verdict.PHANTOM_ORDER;
import static flashsale.sale.Verdict.TURNED_AWAY;

import flashsale.explore.Claim;
import flashsale.explore.Fault;
import flashsale.explore.Scenario;
import flashsale.explore.Step;
import flashsale.sale.Purchase;
import java.util.List;
import java.util.stream.IntStream;

/** What lesson 4 says of its steps; its tests and the command line check the same claims. */
public final class LuaLesson {

    private static final String FOLDER = "lesson04-lua";

    /** {@link ArticleScript} where every application server believes that so many units are on sale, from 0. */
    public static Step articleScript(int announced) {
        return new Step(FOLDER, ArticleScript.class, shop -> new ArticleScript(shop.redis(), shop.item(), announced));
    }

    public static final Step ATOMIC_PURCHASE =
            new Step(FOLDER, AtomicPurchase.class, shop -> new AtomicPurchase(shop.redis(), shop.item(), shop.limit()));
    public static final Step RETRIED_BLINDLY =
            new Step(FOLDER, RetriedBlindly.class, shop -> new RetriedBlindly(shop.redis(), shop.item(), shop.limit()));
    public static final Step IDEMPOTENT_PURCHASE = new Step(
            FOLDER, IdempotentPurchase.class, shop -> new IdempotentPurchase(shop.redis(), shop.item(), shop.limit()));
    public static final Step PURCHASE_FUNCTION = new Step(
            FOLDER, PurchaseFunction.class, shop -> new PurchaseFunction(shop.redis(), shop.item(), shop.limit()));

    public static final Step QUEUED_PURCHASE =
            new Step(FOLDER, QueuedPurchase.class, shop -> new QueuedPurchase(shop.redis(), shop.item(), shop.limit()));

    /** {@link PipelinedPurchase} with room for so many in line. */
    public static Step pipelinedPurchase(int mostInLine) {
        return new Step(
                FOLDER,
                PipelinedPurchase.class,
                shop -> new PipelinedPurchase(shop.redis(), shop.item(), shop.limit(), mostInLine));
    }

    private static final Scenario ONE_EACH =
            Scenario.named("two buyers, one ticket").stock(1).buyer("Alice", 1).buyer("Bob", 1);
    private static final Scenario ONE_EACH_OF_TWO =
            ONE_EACH.called("two buyers, two tickets").stock(2);
    private static final Scenario THREE_BUYERS =
            ONE_EACH_OF_TWO.called("three buyers, two tickets").buyer("Carol", 1);
    private static final Scenario QUANTITIES = Scenario.named("one wants two, one wants one, two tickets")
            .stock(2)
            .buyer("Alice", 2)
            .buyer("Bob", 1);
    private static final Scenario TWO_DEVICES = Scenario.named("one buyer on two devices, limit one")
            .stock(2)
            .limit(1)
            .client("phone", new Purchase("Alice", 1, "phone-1"))
            .client("laptop", new Purchase("Alice", 1, "laptop-1"));
    private static final Scenario CRASH = ONE_EACH_OF_TWO.called("a crash").oneFault(Fault.CRASH);
    private static final Scenario LOST_REPLY =
            ONE_EACH_OF_TWO.called("a lost reply").oneFault(Fault.LOST_REPLY);
    private static final Scenario SCRIPT_FLUSH =
            ONE_EACH_OF_TWO.called("a script flush").oneFault(Fault.SCRIPT_FLUSH);
    private static final Scenario SAME_REQUEST_TWICE = Scenario.named("one request on two connections at once")
            .stock(2)
            .client("first", new Purchase("Alice", 1, "Alice-1"))
            .client("second", new Purchase("Alice", 1, "Alice-1"));

    // ---- 1, ArticleScript: buyers are numbers there

    private static final Scenario TWO_NUMBERS =
            Scenario.named("two buyers, one ticket").stock(1).buyer("1001", 1).buyer("1002", 1);

    public static final Claim ARTICLE_NEVER_OVERSELLS = Claim.proved(articleScript(1), TWO_NUMBERS);
    public static final Claim ARTICLE_REOPENS_A_SALE = Claim.exposed(
            articleScript(1),
            TWO_NUMBERS
                    .called("the stock is evicted")
                    .oneFault(Fault.EVICTION)
                    .onlyWhen(moment -> moment.fault().toString().equals("evict:stock")),
            OVERSOLD);
    public static final Claim SECOND_CALL_BURNS_A_UNIT = Claim.exposed(
            articleScript(2),
            Scenario.named("one buyer, who comes twice, two tickets").stock(2).buyer("1001", 1, 1),
            LOST_STOCK,
            LOST_ORDER);
    public static final Claim NOTHING_IS_ROLLED_BACK = Claim.exposed(
            articleScript(1),
            Scenario.named("a buyer whose id is no number").stock(1).buyer("user123", 1),
            LOST_STOCK,
            FAILED);

    // ---- 2, AtomicPurchase

    public static final Claim ATOMIC_NEVER_OVERSELLS = Claim.proved(ATOMIC_PURCHASE, ONE_EACH);
    public static final Claim ATOMIC_NEVER_OVERSELLS_TO_THREE = Claim.proved(ATOMIC_PURCHASE, THREE_BUYERS);
    public static final Claim ATOMIC_WITH_QUANTITIES = Claim.proved(ATOMIC_PURCHASE, QUANTITIES);
    public static final Claim ATOMIC_WITH_A_LIMIT = Claim.proved(ATOMIC_PURCHASE, TWO_DEVICES);
    public static final Claim ATOMIC_STANDS_A_CRASH = Claim.proved(ATOMIC_PURCHASE, CRASH);
    public static final Claim ATOMIC_STANDS_A_SCRIPT_FLUSH = Claim.proved(ATOMIC_PURCHASE, SCRIPT_FLUSH);
    public static final Claim ATOMIC_STANDS_BOTH_AMONG_THREE = Claim.proved(
            ATOMIC_PURCHASE,
            THREE_BUYERS.called("three buyers, a crash and a script flush").faults(2, Fault.CRASH, Fault.SCRIPT_FLUSH));
    public static final Claim ATOMIC_STANDS_AN_EVICTION =
            Claim.proved(ATOMIC_PURCHASE, ONE_EACH.called("an eviction").oneFault(Fault.EVICTION));
    public static final Claim ATOMIC_WITH_A_LIMIT_STANDS_AN_EVICTION = Claim.proved(
            ATOMIC_PURCHASE, TWO_DEVICES.called("limit one, an eviction").oneFault(Fault.EVICTION));

    // ---- 3, RetriedBlindly

    public static final Claim RETRIED_HOLDS_WITHOUT_A_FAULT = Claim.proved(RETRIED_BLINDLY, ONE_EACH);
    public static final Claim TWO_ORDERS_FROM_ONE_WISH = Claim.exposed(RETRIED_BLINDLY, LOST_REPLY, PHANTOM_ORDER);
    public static final Claim BOUGHT_AND_TOLD_NO = Claim.exposed(
            RETRIED_BLINDLY,
            Scenario.named("one buyer, one ticket, a lost reply")
                    .stock(1)
                    .buyer("Alice", 1)
                    .oneFault(Fault.LOST_REPLY),
            PHANTOM_ORDER);

    // ---- 4, IdempotentPurchase

    public static final Claim IDEMPOTENT_NEVER_OVERSELLS = Claim.proved(IDEMPOTENT_PURCHASE, ONE_EACH);
    public static final Claim IDEMPOTENT_NEVER_OVERSELLS_TO_THREE = Claim.proved(IDEMPOTENT_PURCHASE, THREE_BUYERS);
    public static final Claim IDEMPOTENT_WITH_A_LIMIT = Claim.proved(IDEMPOTENT_PURCHASE, TWO_DEVICES);
    public static final Claim IDEMPOTENT_STANDS_A_LOST_REPLY = Claim.proved(IDEMPOTENT_PURCHASE, LOST_REPLY);
    public static final Claim IDEMPOTENT_STANDS_A_CRASH = Claim.proved(IDEMPOTENT_PURCHASE, CRASH);
    public static final Claim IDEMPOTENT_STANDS_TWO_OF_THREE = Claim.proved(
            IDEMPOTENT_PURCHASE,
            ONE_EACH_OF_TWO
                    .called("two of: a crash, a lost reply, a script flush")
                    .faults(2, Fault.CRASH, Fault.LOST_REPLY, Fault.SCRIPT_FLUSH));
    public static final Claim IDEMPOTENT_STANDS_THREE_LOST_REPLIES = Claim.proved(
            IDEMPOTENT_PURCHASE,
            Scenario.named("one buyer, three lost replies")
                    .stock(2)
                    .buyer("Alice", 1)
                    .faults(3, Fault.LOST_REPLY));
    public static final Claim ONE_REQUEST_AT_ONCE =
            Claim.proved(IDEMPOTENT_PURCHASE, SAME_REQUEST_TWICE.oneFault(Fault.LOST_REPLY));
    public static final Claim ONE_REQUEST_AFTER_A_CRASH = Claim.proved(
            IDEMPOTENT_PURCHASE,
            Scenario.named("a new process repeats the request of a dead one")
                    .stock(2)
                    .client("process", new Purchase("Alice", 1, "Alice-1"))
                    .client("new process", new Purchase("Alice", 1, "Alice-1"))
                    .oneFault(Fault.CRASH));
    public static final Claim REPEATED_TOO_LATE = Claim.exposed(
            IDEMPOTENT_PURCHASE,
            SAME_REQUEST_TWICE
                    .called("the request is repeated when its id is forgotten")
                    .oneFault(Fault.LEASE_EXPIRY),
            PHANTOM_ORDER);

    // ---- 5, PurchaseFunction

    public static final Claim FUNCTION_NEVER_OVERSELLS = Claim.proved(PURCHASE_FUNCTION, ONE_EACH);
    public static final Claim FUNCTION_NEVER_OVERSELLS_TO_THREE = Claim.proved(PURCHASE_FUNCTION, THREE_BUYERS);
    public static final Claim FUNCTION_WITH_A_LIMIT = Claim.proved(PURCHASE_FUNCTION, TWO_DEVICES);
    public static final Claim FUNCTION_STANDS_TWO_OF_THREE =
            Claim.proved(PURCHASE_FUNCTION, IDEMPOTENT_STANDS_TWO_OF_THREE.scenario());
    public static final Claim FUNCTION_ONE_REQUEST_AT_ONCE =
            Claim.proved(PURCHASE_FUNCTION, ONE_REQUEST_AT_ONCE.scenario());

    // ---- 6, QueuedPurchase

    public static final Claim QUEUED_HOLDS = Claim.proved(QUEUED_PURCHASE, ONE_EACH);
    public static final Claim QUEUED_HOLDS_AMONG_THREE = Claim.proved(QUEUED_PURCHASE, THREE_BUYERS);
    public static final Claim QUEUED_SURVIVES_ONE_FAULT = Claim.proved(
            QUEUED_PURCHASE,
            ONE_EACH.called("a crash, a lost reply or an emptied script cache")
                    .stock(2)
                    .oneFault(Fault.CRASH, Fault.LOST_REPLY, Fault.SCRIPT_FLUSH));
    public static final Claim QUEUED_SURVIVES_TWO_FAULTS_AMONG_THREE = Claim.proved(
            QUEUED_PURCHASE,
            THREE_BUYERS.called("three buyers, two crashes or lost replies").faults(2, Fault.CRASH, Fault.LOST_REPLY));
    public static final Claim QUEUED_KEEPS_THE_LIMIT = Claim.proved(
            QUEUED_PURCHASE,
            Scenario.named("one buyer on two devices, limit one, a lost reply")
                    .stock(2)
                    .limit(1)
                    .client("phone", new Purchase("Alice", 1, "from the phone"))
                    .client("laptop", new Purchase("Alice", 1, "from the laptop"))
                    .oneFault(Fault.LOST_REPLY));
    public static final Claim QUEUED_SELLS_ONE_WISH_ONCE = Claim.proved(
            QUEUED_PURCHASE,
            Scenario.named("one request on two connections, a lost reply")
                    .stock(2)
                    .client("first try", new Purchase("Alice", 1, "Alice-1"))
                    .client("second try", new Purchase("Alice", 1, "Alice-1"))
                    .oneFault(Fault.LOST_REPLY));

    // ---- 7, ShardedStock

    /** {@link ShardedStock} over so many shards, from 1. */
    public static Step shardedStock(int shards) {
        return new Step(
                FOLDER,
                ShardedStock.class,
                shop -> new ShardedStock(shop.redis(), shop.item(), shards, shop.limit()),
                keys -> IntStream.range(0, shards)
                        .mapToObj(i -> keys.shard(i).stock())
                        .toList());
    }

    private static final Step TWO_SHARDS = shardedStock(2);
    private static final Step THREE_SHARDS = shardedStock(3);

    /** Of two shards, Alice begins at the first, which has the odd ticket; Bob and Carol begin at the second. */
    private static final Scenario ONE_TICKET_IN_TWO_SHARDS = Scenario.named("two shards, two buyers, one ticket")
            .stock(1)
            .buyer("Alice", 1)
            .buyer("Bob", 1);

    private static final Scenario SAME_HOME = Scenario.named("two shards, two buyers with one home, two tickets")
            .stock(2)
            .buyer("Bob", 1)
            .buyer("Carol", 1);
    private static final Scenario SHARDS_AND_THREE_BUYERS = Scenario.named("two shards, three buyers, two tickets")
            .stock(2)
            .buyer("Alice", 1)
            .buyer("Bob", 1)
            .buyer("Carol", 1);
    private static final Scenario SHARDS_AND_TWO_DEVICES = Scenario.named("two shards, two devices, limit one")
            .stock(3)
            .limit(1)
            .client("phone", new Purchase("Bob", 1, "phone-1"))
            .client("computer", new Purchase("Bob", 1, "computer-1"));

    public static final Claim SHARDS_NEVER_OVERSELL = Claim.proved(TWO_SHARDS, ONE_TICKET_IN_TWO_SHARDS);
    public static final Claim SHARDS_TURN_NOBODY_AWAY = Claim.proved(TWO_SHARDS, SAME_HOME);
    public static final Claim SHARDS_HOLD_AMONG_THREE = Claim.proved(TWO_SHARDS, SHARDS_AND_THREE_BUYERS);
    public static final Claim THREE_SHARDS_HOLD_AMONG_THREE =
            Claim.proved(THREE_SHARDS, SHARDS_AND_THREE_BUYERS.called("three shards, three buyers, two tickets"));
    public static final Claim SHARDS_STAND_A_CRASH_OR_A_LOST_REPLY = Claim.proved(
            TWO_SHARDS,
            SAME_HOME.called("two shards, a crash or a lost reply").oneFault(Fault.CRASH, Fault.LOST_REPLY));
    public static final Claim SHARDS_STAND_A_SCRIPT_FLUSH = Claim.proved(
            TWO_SHARDS, SAME_HOME.called("two shards, a script flush").oneFault(Fault.SCRIPT_FLUSH));
    public static final Claim SHARDS_STAND_AN_EVICTION =
            Claim.proved(TWO_SHARDS, SAME_HOME.called("two shards, an eviction").oneFault(Fault.EVICTION));
    public static final Claim SHARDS_KEEP_A_LIMIT_OF_ONE = Claim.proved(TWO_SHARDS, SHARDS_AND_TWO_DEVICES);
    public static final Claim SHARDS_KEEP_A_LIMIT_OF_TWO = Claim.proved(
            TWO_SHARDS,
            Scenario.named("two shards, three wishes, limit two")
                    .stock(3)
                    .limit(2)
                    .client("phone", new Purchase("Bob", 1, "phone-1"), new Purchase("Bob", 1, "phone-2"))
                    .client("computer", new Purchase("Bob", 1, "computer-1")));
    public static final Claim SCATTERED_UNITS_TURN_A_BUYER_AWAY = Claim.exposed(
            TWO_SHARDS,
            Scenario.named("two shards, Carol wants two, four tickets")
                    .stock(4)
                    .buyer("Alice", 1)
                    .buyer("Bob", 1)
                    .buyer("Carol", 2),
            TURNED_AWAY);
    public static final Claim QUANTITIES_BREAK_THE_LIMIT = Claim.exposed(
            TWO_SHARDS,
            Scenario.named("two shards, wishes of two and of one, limit two")
                    .stock(3)
                    .limit(2)
                    .client("phone", new Purchase("Bob", 2, "phone-1"))
                    .client("computer", new Purchase("Bob", 1, "computer-1")),
            OVER_LIMIT);

    // ---- 8, PipelinedPurchase

    private static final Step PIPELINED_PURCHASE = pipelinedPurchase(1_000);
    private static final Scenario ONE_SERVER =
            THREE_BUYERS.called("three buyers at one server, two tickets").inOneProcess();

    public static final Claim PIPELINED_NEVER_OVERSELLS = Claim.proved(PIPELINED_PURCHASE, ONE_SERVER);
    public static final Claim PIPELINED_AT_TWO_SERVERS = Claim.proved(
            PIPELINED_PURCHASE,
            THREE_BUYERS.called("Alice and Bob at one server, Carol at another").inOneProcess("Alice", "Bob"));
    public static final Claim PIPELINED_WITH_A_LIMIT = Claim.proved(PIPELINED_PURCHASE, TWO_DEVICES.inOneProcess());
    public static final Claim PIPELINED_STANDS_A_CRASH_OR_A_LOST_REPLY = Claim.proved(
            PIPELINED_PURCHASE,
            ONE_SERVER
                    .called("three buyers at one server, a crash or a lost reply")
                    .faults(1, Fault.CRASH, Fault.LOST_REPLY));
    public static final Claim PIPELINED_STANDS_A_SCRIPT_FLUSH = Claim.proved(
            PIPELINED_PURCHASE,
            SCRIPT_FLUSH.called("two buyers at one server, a script flush").inOneProcess());
    public static final Claim A_FULL_LINE_IS_SAID = Claim.exposed(
            pipelinedPurchase(1),
            ONE_SERVER.called("room for one in line, three tickets").stock(3),
            GAVE_UP);

    private LuaLesson() {}

    /** Every claim of the lesson, in the order of the chapter. */
    public static List<Claim> claims() {
        return List.of(
                ARTICLE_NEVER_OVERSELLS,
                ARTICLE_REOPENS_A_SALE,
                SECOND_CALL_BURNS_A_UNIT,
                NOTHING_IS_ROLLED_BACK,
                ATOMIC_NEVER_OVERSELLS,
                ATOMIC_NEVER_OVERSELLS_TO_THREE,
                ATOMIC_WITH_QUANTITIES,
                ATOMIC_WITH_A_LIMIT,
                ATOMIC_STANDS_A_CRASH,
                ATOMIC_STANDS_A_SCRIPT_FLUSH,
                ATOMIC_STANDS_BOTH_AMONG_THREE,
                ATOMIC_STANDS_AN_EVICTION,
                ATOMIC_WITH_A_LIMIT_STANDS_AN_EVICTION,
                RETRIED_HOLDS_WITHOUT_A_FAULT,
                TWO_ORDERS_FROM_ONE_WISH,
                BOUGHT_AND_TOLD_NO,
                IDEMPOTENT_NEVER_OVERSELLS,
                IDEMPOTENT_NEVER_OVERSELLS_TO_THREE,
                IDEMPOTENT_WITH_A_LIMIT,
                IDEMPOTENT_STANDS_A_LOST_REPLY,
                IDEMPOTENT_STANDS_A_CRASH,
                IDEMPOTENT_STANDS_TWO_OF_THREE,
                IDEMPOTENT_STANDS_THREE_LOST_REPLIES,
                ONE_REQUEST_AT_ONCE,
                ONE_REQUEST_AFTER_A_CRASH,
                REPEATED_TOO_LATE,
                FUNCTION_NEVER_OVERSELLS,
                FUNCTION_NEVER_OVERSELLS_TO_THREE,
                FUNCTION_WITH_A_LIMIT,
                FUNCTION_STANDS_TWO_OF_THREE,
                FUNCTION_ONE_REQUEST_AT_ONCE,
                QUEUED_HOLDS,
                QUEUED_HOLDS_AMONG_THREE,
                QUEUED_SURVIVES_ONE_FAULT,
                QUEUED_SURVIVES_TWO_FAULTS_AMONG_THREE,
                QUEUED_KEEPS_THE_LIMIT,
                QUEUED_SELLS_ONE_WISH_ONCE,
                SHARDS_NEVER_OVERSELL,
                SHARDS_TURN_NOBODY_AWAY,
                SHARDS_HOLD_AMONG_THREE,
                THREE_SHARDS_HOLD_AMONG_THREE,
                SHARDS_STAND_A_CRASH_OR_A_LOST_REPLY,
                SHARDS_STAND_A_SCRIPT_FLUSH,
                SHARDS_STAND_AN_EVICTION,
                SHARDS_KEEP_A_LIMIT_OF_ONE,
                SHARDS_KEEP_A_LIMIT_OF_TWO,
                SCATTERED_UNITS_TURN_A_BUYER_AWAY,
                QUANTITIES_BREAK_THE_LIMIT,
                PIPELINED_NEVER_OVERSELLS,
                PIPELINED_AT_TWO_SERVERS,
                PIPELINED_WITH_A_LIMIT,
                PIPELINED_STANDS_A_CRASH_OR_A_LOST_REPLY,
                PIPELINED_STANDS_A_SCRIPT_FLUSH,
                A_FULL_LINE_IS_SAID);
    }
}
