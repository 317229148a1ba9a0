package flashsale.naive;

import flashsale.explore.Scenario;
import flashsale.explore.Step;

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

    /** Alice and Bob want one ticket each, and there is one. */
    public static final Scenario ONE_TICKET =
            Scenario.named("two buyers, one ticket").stock(1).buyer("Alice", 1).buyer("Bob", 1);

    private NaiveLesson() {}
}
