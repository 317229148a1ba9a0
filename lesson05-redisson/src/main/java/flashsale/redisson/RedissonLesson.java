package flashsale.redisson;

import static flashsale.sale.Verdict.FAILED;
import static flashsale.sale.Verdict.OVERSOLD;
import static flashsale.sale.Verdict.PHANTOM_ORDER;

import flashsale.explore.Claim;
import flashsale.explore.Fault;
import flashsale.explore.Scenario;
import flashsale.explore.Step;
import java.util.List;
import org.redisson.api.RedissonClient;

/** What lesson 5 says of its steps; its tests and the command line check the same claims. */
public final class RedissonLesson {

    private static final String FOLDER = "lesson05-redisson";
    private static final int ALICE = 0;

    public static final Step IGNORED_TRY_LOCK = new Step(
            FOLDER, IgnoredTryLock.class, shop -> new IgnoredTryLock(shop.client(RedissonClient.class), shop.item()));
    public static final Step FIXED_LEASE_LOCK = new Step(
            FOLDER, FixedLeaseLock.class, shop -> new FixedLeaseLock(shop.client(RedissonClient.class), shop.item()));
    public static final Step UNLOCK_IN_OTHER_THREAD = new Step(
            FOLDER,
            UnlockInOtherThread.class,
            shop -> new UnlockInOtherThread(shop.client(RedissonClient.class), shop.item()));
    public static final Step WATCHDOG_LOCK = new Step(
            FOLDER, WatchdogLock.class, shop -> new WatchdogLock(shop.client(RedissonClient.class), shop.item()));
    public static final Step FENCED_LOCK =
            new Step(FOLDER, FencedLock.class, shop -> new FencedLock(shop.client(RedissonClient.class), shop.item()));

    private static final Scenario ONE_EACH =
            Scenario.named("two buyers, one ticket").stock(1).buyer("Alice", 1).buyer("Bob", 1);
    private static final Scenario CRASH = ONE_EACH.called("a crash").stock(2).oneFault(Fault.CRASH);
    private static final Scenario PAUSE =
            ONE_EACH.called("a pause longer than the lease").oneFault(Fault.LEASE_EXPIRY);

    private static final Scenario PAUSE_BEFORE_THE_WRITE = PAUSE.called("Alice pauses between read and write")
            .onlyWhen(moment -> lastOf(moment, ALICE).equals("GET stock"));

    public static final Claim ANSWER_IGNORED = Claim.exposed(IGNORED_TRY_LOCK, ONE_EACH, OVERSOLD);

    public static final Claim FIXED_LEASE_HOLDS = Claim.proved(FIXED_LEASE_LOCK, ONE_EACH);
    public static final Claim FIXED_LEASE_SURVIVES_A_CRASH = Claim.proved(FIXED_LEASE_LOCK, CRASH);
    public static final Claim FIXED_LEASE_OVERSELLS = Claim.exposed(
                    FIXED_LEASE_LOCK, PAUSE, OVERSOLD, PHANTOM_ORDER, FAILED)
            .withoutCounting();

    public static final Claim OTHER_THREAD_MAY_NOT_UNLOCK =
            Claim.exposed(UNLOCK_IN_OTHER_THREAD, ONE_EACH, PHANTOM_ORDER, FAILED);

    public static final Claim WATCHDOG_LOCK_HOLDS = Claim.proved(WATCHDOG_LOCK, ONE_EACH);
    public static final Claim WATCHDOG_LOCK_SURVIVES_A_CRASH = Claim.proved(WATCHDOG_LOCK, CRASH);
    public static final Claim WATCHDOG_LOCK_OVERSELLS = Claim.exposed(
                    WATCHDOG_LOCK, PAUSE_BEFORE_THE_WRITE, OVERSOLD, PHANTOM_ORDER, FAILED)
            .withoutCounting();

    public static final Claim FENCED_LOCK_SURVIVES_A_PAUSE = Claim.proved(FENCED_LOCK, PAUSE);
    public static final Claim FENCED_LOCK_TURNS_NOBODY_AWAY = Claim.proved(
            FENCED_LOCK,
            PAUSE.called("two tickets, a pause longer than the lease").stock(2));
    public static final Claim FENCED_LOCK_SURVIVES_A_CRASH = Claim.proved(FENCED_LOCK, CRASH);
    public static final Claim FENCED_LOCK_SURVIVES_BOTH = Claim.proved(
            FENCED_LOCK,
            ONE_EACH.called("a crash and a pause longer than the lease").faults(2, Fault.CRASH, Fault.LEASE_EXPIRY));

    private RedissonLesson() {}

    private static String lastOf(Scenario.Moment moment, int buyer) {
        List<String> commands = moment.commands().get(buyer);
        return commands.isEmpty() ? "" : commands.get(commands.size() - 1);
    }

    /** All of them, in the order of the steps. */
    public static List<Claim> claims() {
        return List.of(
                ANSWER_IGNORED,
                FIXED_LEASE_HOLDS,
                FIXED_LEASE_SURVIVES_A_CRASH,
                FIXED_LEASE_OVERSELLS,
                OTHER_THREAD_MAY_NOT_UNLOCK,
                WATCHDOG_LOCK_HOLDS,
                WATCHDOG_LOCK_SURVIVES_A_CRASH,
                WATCHDOG_LOCK_OVERSELLS,
                FENCED_LOCK_SURVIVES_A_PAUSE,
                FENCED_LOCK_TURNS_NOBODY_AWAY,
                FENCED_LOCK_SURVIVES_A_CRASH,
                FENCED_LOCK_SURVIVES_BOTH);
    }
}
