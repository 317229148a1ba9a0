package flashsale.redisson;

import static flashsale.sale.Verdict.FAILED;
import static flashsale.sale.Verdict.GAVE_UP;
import static flashsale.sale.Verdict.LOST_STOCK;
import static flashsale.sale.Verdict.OVERSOLD;
import static flashsale.sale.Verdict.PHANTOM_ORDER;
import static flashsale.sale.Verdict.PHANTOM_STOCK;

import flashsale.explore.Choice;
import flashsale.explore.Claim;
import flashsale.explore.Fault;
import flashsale.explore.Scenario;
import flashsale.explore.Step;
import flashsale.sale.Purchase;
import java.time.Duration;
import java.util.List;
import org.redisson.api.RedissonClient;

/** What lesson 5 says of its steps; its tests and the command line check the same claims. */
public final class RedissonLesson {

    private static final String FOLDER = "lesson05-redisson";
    private static final int ALICE = 0;
    private static final int BOB = 1;
    private static final Choice ALICES_PERMITS_END = new Choice.Expire("stock:timeout/Alice");
    private static final Duration TIME_TO_PAY = Duration.ofMinutes(10);

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

    /** Bob comes only then: what he does before plays no part, and the search is half as long. */
    private static final Scenario PAUSE_BEFORE_THE_WRITE = PAUSE.called("Alice pauses between read and write")
            .onlyWhen(moment -> lastOf(moment, ALICE).equals("GET stock")
                    && moment.commands().get(BOB).isEmpty());

    /** The buyers are alike: a schedule in which Bob's process crashes is one in which Alice's does, with other names. */
    private static final Scenario CRASH_OF_ONE =
            CRASH.onlyWhen(moment -> moment.fault().equals(new Choice.Crash(ALICE)));

    public static final Claim ANSWER_IGNORED = Claim.exposed(IGNORED_TRY_LOCK, ONE_EACH, OVERSOLD);

    public static final Claim FIXED_LEASE_HOLDS = Claim.proved(FIXED_LEASE_LOCK, ONE_EACH);
    public static final Claim FIXED_LEASE_SURVIVES_A_CRASH = Claim.proved(FIXED_LEASE_LOCK, CRASH);
    public static final Claim FIXED_LEASE_OVERSELLS = Claim.exposed(
                    FIXED_LEASE_LOCK, PAUSE, OVERSOLD, PHANTOM_ORDER, FAILED)
            .withoutCounting();

    public static final Claim OTHER_THREAD_MAY_NOT_UNLOCK =
            Claim.exposed(UNLOCK_IN_OTHER_THREAD, ONE_EACH, PHANTOM_ORDER, FAILED);

    public static final Claim WATCHDOG_LOCK_HOLDS = Claim.proved(WATCHDOG_LOCK, ONE_EACH);
    public static final Claim WATCHDOG_LOCK_SURVIVES_A_CRASH = Claim.proved(WATCHDOG_LOCK, CRASH_OF_ONE);
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

    // ---- objects that are no locks ----

    public static final Step SEMAPHORE_STOCK = new Step(
            FOLDER, SemaphoreStock.class, shop -> new SemaphoreStock(shop.client(RedissonClient.class), shop.item()));
    public static final Step CHECK_THEN_CONFIRM = new Step(
            FOLDER,
            CheckThenConfirm.class,
            shop -> new CheckThenConfirm(shop.client(RedissonClient.class), shop.item(), TIME_TO_PAY));
    public static final Step EXPIRABLE_PERMIT_STOCK = new Step(
            FOLDER,
            ExpirablePermitStock.class,
            shop -> new ExpirablePermitStock(shop.client(RedissonClient.class), shop.item(), TIME_TO_PAY));
    public static final Step ATOMIC_BATCH = new Step(
            FOLDER, AtomicBatch.class, shop -> new AtomicBatch(shop.client(RedissonClient.class), shop.item()));
    public static final Step SCRIPTED_PURCHASE = new Step(
            FOLDER,
            ScriptedPurchase.class,
            shop -> new ScriptedPurchase(shop.client(RedissonClient.class), shop.item(), shop.limit()));
    public static final Step LIMITED_ENTRANCE = entranceTo(SCRIPTED_PURCHASE);
    public static final Step LIMITED_ENTRANCE_ONLY = entranceTo(ATOMIC_BATCH);

    private static final Scenario TWO_FOR_THREE = Scenario.named("three buyers, two tickets")
            .stock(2)
            .buyer("Alice", 1)
            .buyer("Bob", 1)
            .buyer("Carol", 1);
    private static final Scenario QUANTITIES = Scenario.named("one wants two of two tickets, one wants one")
            .stock(2)
            .buyer("Alice", 2)
            .buyer("Bob", 1);
    /** Whoever comes while a unit is reserved, or pays too late, is told to come again, and nobody lies. */
    private static final Scenario LATE_PAYMENT = ONE_EACH.called("a payment comes too late")
            .oneFault(Fault.LEASE_EXPIRY)
            .allowing(GAVE_UP);

    public static final Claim SEMAPHORE_NEVER_OVERSELLS = Claim.proved(SEMAPHORE_STOCK, ONE_EACH);
    public static final Claim SEMAPHORE_NEVER_OVERSELLS_TO_THREE = Claim.proved(SEMAPHORE_STOCK, TWO_FOR_THREE);
    public static final Claim SEMAPHORE_WITH_QUANTITIES = Claim.proved(SEMAPHORE_STOCK, QUANTITIES);
    public static final Claim SEMAPHORE_LOSES_STOCK = Claim.exposed(SEMAPHORE_STOCK, CRASH, LOST_STOCK);

    public static final Claim CHECKED_PERMIT_HOLDS = Claim.proved(CHECK_THEN_CONFIRM, ONE_EACH);
    public static final Claim CHECKED_PERMIT_OVERSELLS =
            Claim.exposed(CHECK_THEN_CONFIRM, LATE_PAYMENT, OVERSOLD, PHANTOM_STOCK);

    public static final Claim PERMIT_NEVER_OVERSELLS = Claim.proved(EXPIRABLE_PERMIT_STOCK, ONE_EACH);
    public static final Claim PERMIT_NEVER_OVERSELLS_TO_THREE = Claim.proved(EXPIRABLE_PERMIT_STOCK, TWO_FOR_THREE);
    public static final Claim PERMIT_STANDS_A_LATE_PAYMENT = Claim.proved(EXPIRABLE_PERMIT_STOCK, LATE_PAYMENT);
    public static final Claim PERMIT_STANDS_A_LATE_PAYMENT_AMONG_THREE = Claim.proved(
            EXPIRABLE_PERMIT_STOCK,
            TWO_FOR_THREE
                    .called("three buyers, a payment comes too late")
                    .oneFault(Fault.LEASE_EXPIRY)
                    .onlyWhen(moment -> moment.fault().equals(ALICES_PERMITS_END)) // the buyers are alike
                    .allowing(GAVE_UP));
    public static final Claim PERMIT_WITH_QUANTITIES = Claim.proved(
            EXPIRABLE_PERMIT_STOCK,
            QUANTITIES
                    .called("one wants two, one wants one, a payment comes too late")
                    .oneFault(Fault.LEASE_EXPIRY)
                    .allowing(GAVE_UP));
    public static final Claim PERMIT_STANDS_A_CRASH =
            Claim.proved(EXPIRABLE_PERMIT_STOCK, LATE_PAYMENT.called("a crash").oneFault(Fault.CRASH));
    public static final Claim PERMIT_STANDS_BOTH = Claim.proved(
            EXPIRABLE_PERMIT_STOCK,
            LATE_PAYMENT.called("a crash and a late payment").faults(2, Fault.CRASH, Fault.LEASE_EXPIRY));

    public static final Claim BATCH_OVERSELLS = Claim.exposed(ATOMIC_BATCH, ONE_EACH, OVERSOLD);
    public static final Claim BATCH_LOSES_NOTHING = Claim.proved(ATOMIC_BATCH, CRASH);

    public static final Claim SCRIPT_NEVER_OVERSELLS = Claim.proved(SCRIPTED_PURCHASE, ONE_EACH);
    public static final Claim SCRIPT_NEVER_OVERSELLS_TO_THREE = Claim.proved(SCRIPTED_PURCHASE, TWO_FOR_THREE);
    public static final Claim SCRIPT_WITH_QUANTITIES = Claim.proved(SCRIPTED_PURCHASE, QUANTITIES);
    public static final Claim SCRIPT_STANDS_A_CRASH_AND_A_FLUSH = Claim.proved(
            SCRIPTED_PURCHASE,
            ONE_EACH.called("a crash and a script flush").faults(2, Fault.CRASH, Fault.SCRIPT_FLUSH));
    public static final Claim SCRIPT_STANDS_A_LOST_REPLY = Claim.proved(
            SCRIPTED_PURCHASE,
            Scenario.named("a reply is lost, and the request repeated")
                    .stock(2)
                    .client("Alice", new Purchase("Alice", 1, "a-1"), new Purchase("Alice", 1, "a-1"))
                    .buyer("Bob", 1)
                    .oneFault(Fault.LOST_REPLY));

    public static final Claim ENTRANCE_ALONE_OVERSELLS =
            Claim.exposed(LIMITED_ENTRANCE_ONLY, ONE_EACH.called("an unsafe sale inside, both are let in"), OVERSOLD);
    public static final Claim ENTRANCE_TO_THE_SCRIPT = Claim.proved(
            LIMITED_ENTRANCE,
            TWO_FOR_THREE.called("the script inside, two of three are let in").stock(1));
    public static final Claim ENTRANCE_MISSES_SALES = Claim.exposed(
                    LIMITED_ENTRANCE,
                    TWO_FOR_THREE
                            .called("the script inside, a ticket for everybody")
                            .stock(3),
                    GAVE_UP)
            .withoutCounting();

    private RedissonLesson() {}

    /** Two buyers a second; under the explorer all of them come within one. */
    private static Step entranceTo(Step inside) {
        return new Step(
                FOLDER,
                LimitedEntrance.class,
                shop -> new LimitedEntrance(
                        shop.client(RedissonClient.class),
                        shop.item(),
                        2,
                        inside.factory().apply(shop)));
    }

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
                FENCED_LOCK_SURVIVES_BOTH,
                SEMAPHORE_NEVER_OVERSELLS,
                SEMAPHORE_NEVER_OVERSELLS_TO_THREE,
                SEMAPHORE_WITH_QUANTITIES,
                SEMAPHORE_LOSES_STOCK,
                CHECKED_PERMIT_HOLDS,
                CHECKED_PERMIT_OVERSELLS,
                PERMIT_NEVER_OVERSELLS,
                PERMIT_NEVER_OVERSELLS_TO_THREE,
                PERMIT_STANDS_A_LATE_PAYMENT,
                PERMIT_STANDS_A_LATE_PAYMENT_AMONG_THREE,
                PERMIT_WITH_QUANTITIES,
                PERMIT_STANDS_A_CRASH,
                PERMIT_STANDS_BOTH,
                BATCH_OVERSELLS,
                BATCH_LOSES_NOTHING,
                SCRIPT_NEVER_OVERSELLS,
                SCRIPT_NEVER_OVERSELLS_TO_THREE,
                SCRIPT_WITH_QUANTITIES,
                SCRIPT_STANDS_A_CRASH_AND_A_FLUSH,
                SCRIPT_STANDS_A_LOST_REPLY,
                ENTRANCE_ALONE_OVERSELLS,
                ENTRANCE_TO_THE_SCRIPT,
                ENTRANCE_MISSES_SALES);
    }
}
