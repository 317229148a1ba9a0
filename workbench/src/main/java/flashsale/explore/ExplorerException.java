package flashsale.explore;

/** The explorer cannot say anything: Redis went away, or the step does what no schedule can order. Never a verdict. */
public final class ExplorerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean byRealTime;

    ExplorerException(String message) {
        this(message, null);
    }

    ExplorerException(String message, Throwable cause) {
        this(message, cause, false);
    }

    private ExplorerException(String message, Throwable cause, boolean byRealTime) {
        super(message, cause);
        this.byRealTime = byRealTime;
    }

    /** So much real time has passed in a schedule that it cannot be rounded away. */
    static ExplorerException byRealTime(String message) {
        return new ExplorerException(message, null, true);
    }

    /** Whether the same schedule may well come to its end if it is played again. */
    boolean isByRealTime() {
        return byRealTime;
    }
}
