package flashsale.lua;

import flashsale.explore.Claim;
import flashsale.explore.Fault;
import flashsale.explore.Scenario;
import flashsale.explore.Step;
import flashsale.sale.Purchase;
import java.util.List;

/** What lesson 4 says of its steps; its tests and the command line check the same claims. */
public final class LuaLesson {

    private static final String FOLDER = "lesson04-lua";

    public static final Step QUEUED_PURCHASE =
            new Step(FOLDER, QueuedPurchase.class, shop -> new QueuedPurchase(shop.redis(), shop.item(), shop.limit()));

    private static final Scenario ONE_EACH =
            Scenario.named("two buyers, one ticket").stock(1).buyer("Alice", 1).buyer("Bob", 1);
    private static final Scenario THREE =
            ONE_EACH.called("three buyers, two tickets").stock(2).buyer("Carol", 1);

    public static final Claim QUEUED_HOLDS = Claim.proved(QUEUED_PURCHASE, ONE_EACH);
    public static final Claim QUEUED_HOLDS_AMONG_THREE = Claim.proved(QUEUED_PURCHASE, THREE);
    public static final Claim QUEUED_SURVIVES_ONE_FAULT = Claim.proved(
            QUEUED_PURCHASE,
            ONE_EACH.called("a crash, a lost reply or an emptied script cache")
                    .stock(2)
                    .oneFault(Fault.CRASH, Fault.LOST_REPLY, Fault.SCRIPT_FLUSH));
    public static final Claim QUEUED_SURVIVES_TWO_FAULTS_AMONG_THREE = Claim.proved(
            QUEUED_PURCHASE,
            THREE.called("three buyers, two crashes or lost replies").faults(2, Fault.CRASH, Fault.LOST_REPLY));
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

    private LuaLesson() {}

    /** Every claim of the lesson, in the order of the chapter. */
    public static List<Claim> claims() {
        return List.of(
                QUEUED_HOLDS,
                QUEUED_HOLDS_AMONG_THREE,
                QUEUED_SURVIVES_ONE_FAULT,
                QUEUED_SURVIVES_TWO_FAULTS_AMONG_THREE,
                QUEUED_KEEPS_THE_LIMIT,
                QUEUED_SELLS_ONE_WISH_ONCE);
    }
}
