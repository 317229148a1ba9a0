package flashsale.setnx;

import static flashsale.sale.Verdict.GAVE_UP;
import static flashsale.sale.Verdict.OVERSOLD;
import static flashsale.sale.Verdict.STUCK;

import flashsale.explore.Claim;
import flashsale.explore.Fault;
import flashsale.explore.Scenario;
import flashsale.explore.Step;
import java.util.List;

/** What lesson 3 says of its steps; its tests and the command line check the same claims. */
public final class SetnxLesson {

    private static final String FOLDER = "lesson03-setnx-lock";
    private static final int ALICE = 0;

    public static final Step SETNX_WITHOUT_EXPIRY = new Step(
            FOLDER,
            SetnxWithoutExpiry.class,
            shop -> new SetnxWithoutExpiry(shop.redis(), shop.item(), shop.clock(), shop.sleeper()));
    public static final Step SETNX_THEN_EXPIRE = new Step(
            FOLDER,
            SetnxThenExpire.class,
            shop -> new SetnxThenExpire(shop.redis(), shop.item(), shop.clock(), shop.sleeper()));
    public static final Step PROCEEDS_WITHOUT_LOCK =
            new Step(FOLDER, ProceedsWithoutLock.class, shop -> new ProceedsWithoutLock(shop.redis(), shop.item()));
    public static final Step NEVER_RELEASED = new Step(
            FOLDER,
            NeverReleased.class,
            shop -> new NeverReleased(shop.redis(), shop.item(), shop.clock(), shop.sleeper()));
    public static final Step BLIND_DELETE = new Step(
            FOLDER,
            BlindDelete.class,
            shop -> new BlindDelete(shop.redis(), shop.item(), shop.clock(), shop.sleeper()));
    public static final Step CHECK_THEN_DELETE = new Step(
            FOLDER,
            CheckThenDelete.class,
            shop -> new CheckThenDelete(shop.redis(), shop.item(), shop.clock(), shop.sleeper()));
    public static final Step WATCHED_DELETE = new Step(
            FOLDER,
            WatchedDelete.class,
            shop -> new WatchedDelete(shop.redis(), shop.item(), shop.clock(), shop.sleeper()));
    public static final Step COMPARE_AND_DELETE = new Step(
            FOLDER,
            CompareAndDelete.class,
            shop -> new CompareAndDelete(shop.redis(), shop.item(), shop.clock(), shop.sleeper()));
    public static final Step SHARED_OWNER = new Step(
            FOLDER,
            SharedOwner.class,
            shop -> new SharedOwner(shop.redis(), shop.item(), shop.clock(), shop.sleeper()));
    public static final Step RENEWED_LEASE = new Step(
            FOLDER,
            RenewedLease.class,
            shop -> new RenewedLease(shop.redis(), shop.item(), shop.clock(), shop.sleeper(), shop.repeater()));
    public static final Step FENCE_ON_WRITE_ONLY = new Step(
            FOLDER,
            FenceOnWriteOnly.class,
            shop -> new FenceOnWriteOnly(shop.redis(), shop.item(), shop.clock(), shop.sleeper()));
    public static final Step FENCED_PURCHASE = new Step(
            FOLDER,
            FencedPurchase.class,
            shop -> new FencedPurchase(shop.redis(), shop.item(), shop.clock(), shop.sleeper()));

    private static final Scenario ONE_EACH =
            Scenario.named("two buyers, one ticket").stock(1).buyer("Alice", 1).buyer("Bob", 1);
    private static final Scenario ONE_EACH_OF_TWO =
            ONE_EACH.called("two buyers, two tickets").stock(2);

    /** Who waits for a lock that is never released gives up, and says so: allowed here, since it is not the point. */
    private static final Scenario CRASH_OF_A_HOLDER =
            ONE_EACH_OF_TWO.called("a crash").oneFault(Fault.CRASH).allowing(GAVE_UP);

    private static final Scenario CRASH = ONE_EACH_OF_TWO.called("a crash").oneFault(Fault.CRASH);
    private static final Scenario PAUSE =
            ONE_EACH.called("a pause longer than the lease").oneFault(Fault.LEASE_EXPIRY);
    private static final Scenario PAUSE_BEFORE_THE_WRITE = PAUSE.called("Alice pauses between read and write")
            .onlyWhen(moment -> lastOf(moment, ALICE).equals("GET stock"));
    private static final Scenario LATE_PAUSE = Scenario.named("three buyers, Alice pauses after her last write")
            .stock(2)
            .buyer("Alice", 1)
            .buyer("Bob", 1)
            .buyer("Carol", 1)
            .oneFault(Fault.LEASE_EXPIRY)
            .onlyWhen(SetnxLesson::aliceHasWrittenAndNotReleased);

    public static final Claim NOBODY_CRASHES = Claim.proved(SETNX_WITHOUT_EXPIRY, ONE_EACH);
    public static final Claim HOLDER_CRASHES = Claim.exposed(SETNX_WITHOUT_EXPIRY, CRASH_OF_A_HOLDER, STUCK);
    public static final Claim CRASH_BEFORE_THE_EXPIRE = Claim.exposed(SETNX_THEN_EXPIRE, CRASH_OF_A_HOLDER, STUCK);

    public static final Claim REPLY_IGNORED = Claim.exposed(PROCEEDS_WITHOUT_LOCK, ONE_EACH, OVERSOLD);

    public static final Claim NEVER_RELEASED_NEVER_OVERSELLS = Claim.proved(NEVER_RELEASED, ONE_EACH);
    public static final Claim NEVER_RELEASED_GIVES_UP = Claim.exposed(NEVER_RELEASED, ONE_EACH_OF_TWO, GAVE_UP);

    public static final Claim TWO_DO_NOT_SEE_THE_BLIND_DELETE = Claim.proved(
            BLIND_DELETE,
            ONE_EACH_OF_TWO
                    .called("two buyers, Alice pauses after her last write")
                    .oneFault(Fault.LEASE_EXPIRY)
                    .onlyWhen(SetnxLesson::aliceHasWrittenAndNotReleased));
    public static final Claim BLIND_DELETE_FREES_ANOTHERS_LOCK =
            Claim.exposed(BLIND_DELETE, LATE_PAUSE, OVERSOLD).withoutCounting();
    public static final Claim CHECK_THEN_DELETE_FREES_ANOTHERS_LOCK =
            Claim.exposed(CHECK_THEN_DELETE, LATE_PAUSE, OVERSOLD).withoutCounting();

    public static final Claim WATCHED_DELETE_HOLDS = Claim.proved(WATCHED_DELETE, ONE_EACH);
    public static final Claim WATCHED_DELETE_FREES_ITS_OWN_LOCK_ONLY = Claim.proved(WATCHED_DELETE, LATE_PAUSE);
    public static final Claim WATCHED_DELETE_OVERSELLS = Claim.exposed(WATCHED_DELETE, PAUSE, OVERSOLD);

    public static final Claim COMPARE_AND_DELETE_HOLDS = Claim.proved(COMPARE_AND_DELETE, ONE_EACH);
    public static final Claim COMPARE_AND_DELETE_SURVIVES_A_CRASH = Claim.proved(COMPARE_AND_DELETE, CRASH);
    public static final Claim COMPARE_AND_DELETE_FREES_ITS_OWN_LOCK_ONLY = Claim.proved(COMPARE_AND_DELETE, LATE_PAUSE);
    public static final Claim COMPARE_AND_DELETE_OVERSELLS = Claim.exposed(COMPARE_AND_DELETE, PAUSE, OVERSOLD);

    public static final Claim OWN_PROCESS_OWN_NAME = Claim.proved(SHARED_OWNER, LATE_PAUSE);
    public static final Claim SHARED_OWNER_FREES_ANOTHERS_LOCK = Claim.exposed(
                    SHARED_OWNER,
                    LATE_PAUSE
                            .called("Alice and Bob in one process, Alice pauses before the others come")
                            .inOneProcess("Alice", "Bob")
                            .onlyWhen(moment -> aliceHasWrittenAndNotReleased(moment)
                                    && moment.commands().subList(1, 3).stream().allMatch(List::isEmpty)),
                    OVERSOLD)
            .withoutCounting();

    public static final Claim RENEWED_LEASE_HOLDS = Claim.proved(RENEWED_LEASE, ONE_EACH);
    public static final Claim RENEWED_LEASE_SURVIVES_A_CRASH = Claim.proved(RENEWED_LEASE, CRASH);
    public static final Claim RENEWED_LEASE_OVERSELLS =
            Claim.exposed(RENEWED_LEASE, PAUSE_BEFORE_THE_WRITE, OVERSOLD).withoutCounting();

    public static final Claim FENCE_ON_WRITE_ONLY_OVERSELLS = Claim.exposed(FENCE_ON_WRITE_ONLY, PAUSE, OVERSOLD);

    public static final Claim FENCED_PURCHASE_SURVIVES_A_PAUSE = Claim.proved(FENCED_PURCHASE, PAUSE);
    public static final Claim FENCED_PURCHASE_TURNS_NOBODY_AWAY = Claim.proved(
            FENCED_PURCHASE,
            PAUSE.called("two tickets, a pause longer than the lease").stock(2));
    public static final Claim FENCED_PURCHASE_SURVIVES_A_CRASH = Claim.proved(FENCED_PURCHASE, CRASH);
    public static final Claim FENCED_PURCHASE_SURVIVES_BOTH = Claim.proved(
            FENCED_PURCHASE,
            ONE_EACH.called("a crash and a pause longer than the lease").faults(2, Fault.CRASH, Fault.LEASE_EXPIRY));
    public static final Claim FENCED_PURCHASE_SURVIVES_A_PAUSE_AMONG_THREE = Claim.proved(
            FENCED_PURCHASE,
            PAUSE.called("three buyers, a pause longer than the lease")
                    .buyer("Carol", 1)
                    .buyersAreAlike());
    public static final Claim FENCED_PURCHASE_SURVIVES_A_CRASH_AMONG_THREE =
            Claim.proved(FENCED_PURCHASE, CRASH.called("three buyers, a crash").buyer("Carol", 1));

    private SetnxLesson() {}

    /** Every claim of the lesson, in the order of the chapter. */
    public static List<Claim> claims() {
        return List.of(
                NOBODY_CRASHES,
                HOLDER_CRASHES,
                CRASH_BEFORE_THE_EXPIRE,
                REPLY_IGNORED,
                NEVER_RELEASED_NEVER_OVERSELLS,
                NEVER_RELEASED_GIVES_UP,
                TWO_DO_NOT_SEE_THE_BLIND_DELETE,
                BLIND_DELETE_FREES_ANOTHERS_LOCK,
                CHECK_THEN_DELETE_FREES_ANOTHERS_LOCK,
                WATCHED_DELETE_HOLDS,
                WATCHED_DELETE_FREES_ITS_OWN_LOCK_ONLY,
                WATCHED_DELETE_OVERSELLS,
                COMPARE_AND_DELETE_HOLDS,
                COMPARE_AND_DELETE_SURVIVES_A_CRASH,
                COMPARE_AND_DELETE_FREES_ITS_OWN_LOCK_ONLY,
                COMPARE_AND_DELETE_OVERSELLS,
                OWN_PROCESS_OWN_NAME,
                SHARED_OWNER_FREES_ANOTHERS_LOCK,
                RENEWED_LEASE_HOLDS,
                RENEWED_LEASE_SURVIVES_A_CRASH,
                RENEWED_LEASE_OVERSELLS,
                FENCE_ON_WRITE_ONLY_OVERSELLS,
                FENCED_PURCHASE_SURVIVES_A_PAUSE,
                FENCED_PURCHASE_TURNS_NOBODY_AWAY,
                FENCED_PURCHASE_SURVIVES_A_CRASH,
                FENCED_PURCHASE_SURVIVES_BOTH,
                FENCED_PURCHASE_SURVIVES_A_PAUSE_AMONG_THREE,
                FENCED_PURCHASE_SURVIVES_A_CRASH_AMONG_THREE);
    }

    /** Whether Alice stands between the last write of her first purchase and the end of its release. */
    private static boolean aliceHasWrittenAndNotReleased(Scenario.Moment moment) {
        List<String> sent = moment.commands().get(ALICE);
        return sent.stream().anyMatch(command -> command.startsWith("EXEC(DECRBY"))
                && sent.stream().noneMatch(SetnxLesson::releases);
    }

    private static boolean releases(String command) {
        return command.equals("DEL lock") || command.equals("EXEC(DEL lock)") || command.startsWith("EVAL(delete");
    }

    private static String lastOf(Scenario.Moment moment, int buyer) {
        List<String> sent = moment.commands().get(buyer);
        return sent.isEmpty() ? "" : sent.get(sent.size() - 1);
    }
}
