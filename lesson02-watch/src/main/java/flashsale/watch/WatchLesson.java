package flashsale.watch;

import static flashsale.sale.Verdict.GAVE_UP;
import static flashsale.sale.Verdict.LOST_ORDER;
import static flashsale.sale.Verdict.LOST_STOCK;
import static flashsale.sale.Verdict.OVERSOLD;
import static flashsale.sale.Verdict.PHANTOM_ORDER;

import flashsale.explore.Claim;
import flashsale.explore.Fault;
import flashsale.explore.Scenario;
import flashsale.explore.Step;
import flashsale.sale.Purchase;
import java.util.List;

/**
 * What lesson 2 says of its steps; its tests and the command line check the same claims. {@link LeakedWatch} has none: it
 * harms whoever gets the connection next, and no audit of its own sale can see that.
 */
public final class WatchLesson {

    private static final String FOLDER = "lesson02-watch";

    public static final Step READ_BEFORE_WATCH =
            new Step(FOLDER, ReadBeforeWatch.class, shop -> new ReadBeforeWatch(shop.redis(), shop.item()));
    public static final Step MISREAD_EXEC_REPLY =
            new Step(FOLDER, MisreadExecReply.class, shop -> new MisreadExecReply(shop.redis(), shop.item()));
    public static final Step OVERWRITTEN_RECORD =
            new Step(FOLDER, OverwrittenRecord.class, shop -> new OverwrittenRecord(shop.redis(), shop.item()));
    public static final Step NO_ROLLBACK =
            new Step(FOLDER, NoRollback.class, shop -> new NoRollback(shop.redis(), shop.item()));
    public static final Step WINNER_RECORDED_OUTSIDE_EXEC = new Step(
            FOLDER, WinnerRecordedOutsideExec.class, shop -> new WinnerRecordedOutsideExec(shop.redis(), shop.item()));
    public static final Step WATCH_THEN_READ =
            new Step(FOLDER, WatchThenRead.class, shop -> new WatchThenRead(shop.redis(), shop.item(), shop.limit()));

    /** {@link BoundedRetry} with so many attempts, from 1. */
    public static Step boundedRetry(int attempts) {
        return new Step(
                FOLDER,
                BoundedRetry.class,
                shop -> new BoundedRetry(shop.redis(), shop.item(), attempts, shop.sleeper()));
    }

    private static final Scenario ONE_EACH =
            Scenario.named("two buyers, one ticket").stock(1).buyer("Alice", 1).buyer("Bob", 1);
    private static final Scenario ONE_EACH_OF_TWO =
            ONE_EACH.called("two buyers, two tickets").stock(2);
    private static final Scenario THREE_BUYERS =
            ONE_EACH_OF_TWO.called("three buyers, two tickets").buyer("Carol", 1);

    public static final Claim READ_BEFORE_WATCH_OVERSELLS = Claim.exposed(READ_BEFORE_WATCH, ONE_EACH, OVERSOLD);
    public static final Claim ONE_CALL_EMPTIES_THE_SALE = Claim.exposed(
            MISREAD_EXEC_REPLY,
            Scenario.named("one buyer, one call, five tickets").stock(5).buyer("Alice", 1),
            LOST_STOCK,
            PHANTOM_ORDER);
    public static final Claim SECOND_PURCHASE_ERASES_THE_FIRST = Claim.exposed(
            OVERWRITTEN_RECORD,
            Scenario.named("one buyer, who comes twice, two tickets").stock(2).buyer("Alice", 1, 1),
            LOST_STOCK,
            LOST_ORDER);
    public static final Claim NOTHING_IS_ROLLED_BACK = Claim.exposed(
            NO_ROLLBACK, Scenario.named("one buyer, one ticket").stock(1).buyer("Alice", 1), LOST_STOCK);

    public static final Claim WINNER_HOLDS_WITHOUT_A_CRASH = Claim.proved(WINNER_RECORDED_OUTSIDE_EXEC, ONE_EACH);
    public static final Claim CRASH_BEFORE_THE_RECORD = Claim.exposed(
            WINNER_RECORDED_OUTSIDE_EXEC,
            ONE_EACH_OF_TWO.called("a crash before the record").oneFault(Fault.CRASH),
            LOST_STOCK);

    public static final Claim WATCH_NEVER_OVERSELLS = Claim.proved(WATCH_THEN_READ, ONE_EACH);
    public static final Claim WATCH_NEVER_OVERSELLS_TO_THREE = Claim.proved(WATCH_THEN_READ, THREE_BUYERS);
    public static final Claim WATCH_WITH_QUANTITIES = Claim.proved(
            WATCH_THEN_READ,
            Scenario.named("one wants two, one wants one, two tickets")
                    .stock(2)
                    .buyer("Alice", 2)
                    .buyer("Bob", 1));
    public static final Claim WATCH_WITH_A_LIMIT = Claim.proved(
            WATCH_THEN_READ,
            Scenario.named("one buyer on two devices, limit one")
                    .stock(2)
                    .limit(1)
                    .client("phone", new Purchase("Alice", 1, "phone-1"))
                    .client("laptop", new Purchase("Alice", 1, "laptop-1")));
    public static final Claim WATCH_STANDS_A_CRASH_OR_A_LOST_REPLY = Claim.proved(
            WATCH_THEN_READ, ONE_EACH_OF_TWO.called("a crash or a lost reply").oneFault(Fault.CRASH, Fault.LOST_REPLY));
    public static final Claim WATCH_STANDS_AN_EVICTION =
            Claim.proved(WATCH_THEN_READ, ONE_EACH_OF_TWO.called("an eviction").oneFault(Fault.EVICTION));

    public static final Claim ONE_ATTEMPT_NEVER_OVERSELLS =
            Claim.proved(boundedRetry(1), ONE_EACH.called("one attempt, two buyers, one ticket"));
    public static final Claim ONE_ATTEMPT_GIVES_UP =
            Claim.exposed(boundedRetry(1), ONE_EACH_OF_TWO.called("one attempt, two buyers, two tickets"), GAVE_UP);
    public static final Claim TWO_ATTEMPTS_ARE_ENOUGH_FOR_TWO =
            Claim.proved(boundedRetry(2), ONE_EACH_OF_TWO.called("two attempts, two buyers, two tickets"));
    public static final Claim THREE_ATTEMPTS_ARE_ENOUGH_FOR_THREE = Claim.proved(
            boundedRetry(3),
            THREE_BUYERS.called("three attempts, three buyers, three tickets").stock(3));

    private WatchLesson() {}

    /** Every claim of the lesson, in the order of the chapter. */
    public static List<Claim> claims() {
        return List.of(
                READ_BEFORE_WATCH_OVERSELLS,
                ONE_CALL_EMPTIES_THE_SALE,
                SECOND_PURCHASE_ERASES_THE_FIRST,
                NOTHING_IS_ROLLED_BACK,
                WINNER_HOLDS_WITHOUT_A_CRASH,
                CRASH_BEFORE_THE_RECORD,
                WATCH_NEVER_OVERSELLS,
                WATCH_NEVER_OVERSELLS_TO_THREE,
                WATCH_WITH_QUANTITIES,
                WATCH_WITH_A_LIMIT,
                WATCH_STANDS_A_CRASH_OR_A_LOST_REPLY,
                WATCH_STANDS_AN_EVICTION,
                ONE_ATTEMPT_NEVER_OVERSELLS,
                ONE_ATTEMPT_GIVES_UP,
                TWO_ATTEMPTS_ARE_ENOUGH_FOR_TWO,
                THREE_ATTEMPTS_ARE_ENOUGH_FOR_THREE);
    }
}
