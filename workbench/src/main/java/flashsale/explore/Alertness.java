package flashsale.explore;

/**
 * Whether the explorer's thread had better stay awake while buyers run, instead of going to sleep until it is needed.
 *
 * <p>Where waking a sleeping core takes longer than a Redis command, as on many virtual machines, a thread that stays
 * awake keeps the buyers and the server together on another core, and a search takes about half the time; where it takes
 * less, or other work wants that core, that thread is only in the way. Nobody can know beforehand, so both are tried now
 * and then, and the faster one is kept. It takes the operating system some hundred schedules to move the threads, so
 * only the end of each trial counts. What is found never depends on it.
 */
final class Alertness {

    /** Schedules in a row that are run awake, asleep, and then as was found to be better; then it begins again. */
    private static final int AWAKE = 300;

    private static final int ASLEEP = 100;
    private static final int REST = 4_600;

    /** How many schedules at the end of a trial are measured. */
    private static final int MEASURED = 60;

    private static final boolean POSSIBLE = Runtime.getRuntime().availableProcessors() > 1;

    private static final Alertness OF_THIS_MACHINE = new Alertness();

    private double awakeNanosPerChoice;
    private boolean best;
    private int schedule;
    private long nanos;
    private long choices;

    private Alertness() {}

    static Alertness ofThisMachine() {
        return OF_THIS_MACHINE;
    }

    /** Whether to stay awake during the next schedule. */
    synchronized boolean stayAwake() {
        return POSSIBLE && (schedule < AWAKE || (schedule >= AWAKE + ASLEEP && best));
    }

    /** A schedule of so many choices is over. */
    synchronized void took(long scheduleNanos, int scheduleChoices) {
        nanos += scheduleNanos;
        choices += scheduleChoices;
        schedule++;
        if (schedule == AWAKE - MEASURED || schedule == AWAKE + ASLEEP - MEASURED) {
            nanos = 0;
            choices = 0;
        } else if (schedule == AWAKE) {
            awakeNanosPerChoice = nanosPerChoice();
        } else if (schedule == AWAKE + ASLEEP) {
            best = awakeNanosPerChoice < nanosPerChoice();
        } else if (schedule == AWAKE + ASLEEP + REST) {
            schedule = 0;
        }
    }

    private double nanosPerChoice() {
        return (double) nanos / Math.max(1, choices);
    }
}
