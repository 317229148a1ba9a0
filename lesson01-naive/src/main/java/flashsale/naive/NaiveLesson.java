package flashsale.naive;

import static flashsale.sale.Verdict.LOST_STOCK;
import static flashsale.sale.Verdict.OVERSOLD;
import static flashsale.sale.Verdict.PHANTOM_STOCK;
import static flashsale.sale.Verdict.TURNED_AWAY;

import flashsale.explore.Claim;
import flashsale.explore.Fault;
import flashsale.explore.Scenario;
import flashsale.explore.Step;
import java.util.List;

/** What lesson 1 says of its steps; its tests and the command line check the same claims. */
public final class NaiveLesson {

    private static final String FOLDER = "lesson01-naive";

    public static final Step READ_THEN_WRITE =
            new Step(FOLDER, ReadThenWrite.class, shop -> new ReadThenWrite(shop.redis(), shop.item()));
    public static final Step CHECK_THEN_DECREMENT =
            new Step(FOLDER, CheckThenDecrement.class, shop -> new CheckThenDecrement(shop.redis(), shop.item()));
    public static final Step SYNCHRONIZED_IN_ONE_JVM =
            new Step(FOLDER, SynchronizedInOneJvm.class, shop -> new SynchronizedInOneJvm(shop.redis(), shop.item()));
    public static final Step DECREMENT_THEN_COMPENSATE = new Step(
            FOLDER, DecrementThenCompensate.class, shop -> new DecrementThenCompensate(shop.redis(), shop.item()));

    private static final Scenario ONE_EACH =
            Scenario.named("two buyers, one ticket").stock(1).buyer("Alice", 1).buyer("Bob", 1);
    private static final Scenario ONE_EACH_OF_TWO =
            ONE_EACH.called("two buyers, two tickets").stock(2);

    public static final Claim READ_THEN_WRITE_OVERSELLS = Claim.exposed(READ_THEN_WRITE, ONE_EACH, OVERSOLD);
    public static final Claim READ_THEN_WRITE_LOSES_AN_UPDATE =
            Claim.exposed(READ_THEN_WRITE, ONE_EACH_OF_TWO, PHANTOM_STOCK);

    public static final Claim CHECK_THEN_DECREMENT_OVERSELLS = Claim.exposed(CHECK_THEN_DECREMENT, ONE_EACH, OVERSOLD);
    public static final Claim CHECK_THEN_DECREMENT_LOSES_NO_UPDATE =
            Claim.proved(CHECK_THEN_DECREMENT, ONE_EACH_OF_TWO);

    public static final Claim SYNCHRONIZED_HOLDS_IN_ONE_JVM = Claim.proved(
            SYNCHRONIZED_IN_ONE_JVM,
            ONE_EACH.called("two buyers, one application server").inOneProcess());
    public static final Claim SYNCHRONIZED_FAILS_IN_TWO_JVMS =
            Claim.exposed(SYNCHRONIZED_IN_ONE_JVM, ONE_EACH.called("two buyers, two application servers"), OVERSOLD);

    public static final Claim COMPENSATE_NEVER_OVERSELLS = Claim.proved(DECREMENT_THEN_COMPENSATE, ONE_EACH);
    public static final Claim COMPENSATE_NEVER_OVERSELLS_TO_THREE = Claim.proved(
            DECREMENT_THEN_COMPENSATE,
            ONE_EACH.called("three buyers, one ticket").buyer("Carol", 1));
    public static final Claim COMPENSATE_TURNS_A_BUYER_AWAY = Claim.exposed(
            DECREMENT_THEN_COMPENSATE,
            Scenario.named("one wants two, one wants one, one ticket")
                    .stock(1)
                    .buyer("Alice", 2)
                    .buyer("Bob", 1),
            TURNED_AWAY);
    public static final Claim CRASH_BEFORE_THE_RECORD = Claim.exposed(
            DECREMENT_THEN_COMPENSATE,
            ONE_EACH_OF_TWO.called("a crash before the record").oneFault(Fault.CRASH),
            LOST_STOCK);
    public static final Claim CRASH_BEFORE_THE_COMPENSATION = Claim.exposed(
            DECREMENT_THEN_COMPENSATE,
            Scenario.named("a crash before the compensation")
                    .stock(1)
                    .buyer("Alice", 2)
                    .buyer("Bob", 2)
                    .oneFault(Fault.CRASH),
            LOST_STOCK);

    private NaiveLesson() {}

    /** Every claim of the lesson, in the order of the chapter. */
    public static List<Claim> claims() {
        return List.of(
                READ_THEN_WRITE_OVERSELLS,
                READ_THEN_WRITE_LOSES_AN_UPDATE,
                CHECK_THEN_DECREMENT_OVERSELLS,
                CHECK_THEN_DECREMENT_LOSES_NO_UPDATE,
                SYNCHRONIZED_HOLDS_IN_ONE_JVM,
                SYNCHRONIZED_FAILS_IN_TWO_JVMS,
                COMPENSATE_NEVER_OVERSELLS,
                COMPENSATE_NEVER_OVERSELLS_TO_THREE,
                COMPENSATE_TURNS_A_BUYER_AWAY,
                CRASH_BEFORE_THE_RECORD,
                CRASH_BEFORE_THE_COMPENSATION);
    }
}
