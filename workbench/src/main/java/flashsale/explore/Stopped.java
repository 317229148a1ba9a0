package flashsale.explore;

/**
 * Unwinds a buyer's thread: its process crashed, it was stopped at the cap, or the schedule is over. An error and not
 * an exception, so that the step's own {@code catch (Exception e)} does not take it for something of its own.
 */
final class Stopped extends Error {

    private static final long serialVersionUID = 1L;

    Stopped() {
        super("stopped by the explorer", null, false, false);
    }
}
