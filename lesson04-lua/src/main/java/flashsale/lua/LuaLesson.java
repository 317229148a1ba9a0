package flashsale.lua;

import static flashsale.sale.Verdict.OVER_LIMIT;
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
    private static final Scenario ONE_OF_TWO_SHARDS = Scenario.named("two shards, two buyers, one ticket")
            .stock(1)
            .buyer("Alice", 1)
            .buyer("Bob", 1);

    private static final Scenario SAME_HOME = Scenario.named("two shards, two buyers with one home, two tickets")
            .stock(2)
            .buyer("Bob", 1)
            .buyer("Carol", 1);
    private static final Scenario THREE_BUYERS = Scenario.named("two shards, three buyers, two tickets")
            .stock(2)
            .buyer("Alice", 1)
            .buyer("Bob", 1)
            .buyer("Carol", 1);
    private static final Scenario TWO_DEVICES = Scenario.named("two shards, two devices, limit one")
            .stock(3)
            .limit(1)
            .client("phone", new Purchase("Bob", 1, "phone-1"))
            .client("computer", new Purchase("Bob", 1, "computer-1"));

    public static final Claim SHARDS_NEVER_OVERSELL = Claim.proved(TWO_SHARDS, ONE_OF_TWO_SHARDS);
    public static final Claim SHARDS_TURN_NOBODY_AWAY = Claim.proved(TWO_SHARDS, SAME_HOME);
    public static final Claim SHARDS_HOLD_AMONG_THREE = Claim.proved(TWO_SHARDS, THREE_BUYERS);
    public static final Claim THREE_SHARDS_HOLD_AMONG_THREE =
            Claim.proved(THREE_SHARDS, THREE_BUYERS.called("three shards, three buyers, two tickets"));
    public static final Claim SHARDS_STAND_A_CRASH_OR_A_LOST_REPLY = Claim.proved(
            TWO_SHARDS,
            SAME_HOME.called("two shards, a crash or a lost reply").oneFault(Fault.CRASH, Fault.LOST_REPLY));
    public static final Claim SHARDS_STAND_A_SCRIPT_FLUSH = Claim.proved(
            TWO_SHARDS, SAME_HOME.called("two shards, a script flush").oneFault(Fault.SCRIPT_FLUSH));
    public static final Claim SHARDS_STAND_AN_EVICTION =
            Claim.proved(TWO_SHARDS, SAME_HOME.called("two shards, an eviction").oneFault(Fault.EVICTION));
    public static final Claim SHARDS_KEEP_A_LIMIT_OF_ONE = Claim.proved(TWO_SHARDS, TWO_DEVICES);
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

    private LuaLesson() {}

    /** Every claim of the lesson, in the order of the chapter. */
    public static List<Claim> claims() {
        return List.of(
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
                QUANTITIES_BREAK_THE_LIMIT);
    }
}
