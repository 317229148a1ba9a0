package flashsale.explore;

/**
 * Whether the explorer's thread had better stay awake while buyers run, instead of going to sleep until it is needed.
 *
 * <p>Where waking a sleeping core takes longer than a Redis command, as on many virtual machines, a thread that stays
 * awake keeps the buyers and the server together on another core, and a search takes about half the time; where it takes
 * less, that thread is only in the way. Nobody can know beforehand, so both are tried now and then, and the faster one
 * is kept. What is found never depends on it.
 */
final class Alertness {

    private static final int TRIAL = 24;
    private static final int BETWEEN_TRIALS = 1_000;
    private static final boolean POSSIBLE = Runtime.getRuntime().availableProcessors() > 1;

    private static final Alertness OF_THIS_MACHINE = new Alertness();

    private final double[] nanosPerChoice = new double[2];
    private int schedule;
    private boolean best;
    private long nanos;
    private long choices;

    private Alertness() {}

    static Alertness ofThisMachine() {
        return OF_THIS_MACHINE;
    }

    /** Whether to stay awake during the next schedule. */
    synchronized boolean stayAwake() {
        return POSSIBLE && (schedule < TRIAL || (schedule >= 2 * TRIAL && best));
    }

    /** A schedule of so many choices is over. */
    synchronized void took(long scheduleNanos, int scheduleChoices) {
        nanos += scheduleNanos;
        choices += scheduleChoices;
        schedule++;
        if (schedule == TRIAL || schedule == 2 * TRIAL) {
            nanosPerChoice[schedule == TRIAL ? 1 : 0] = (double) nanos / Math.max(1, choices);
            nanos = 0;
            choices = 0;
            best = nanosPerChoice[1] < nanosPerChoice[0];
        } else if (schedule == 2 * TRIAL + BETWEEN_TRIALS) {
            schedule = 0;
            nanos = 0;
            choices = 0;
        }
    }
}
