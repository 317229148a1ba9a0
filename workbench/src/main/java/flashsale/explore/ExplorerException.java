package flashsale.explore;

/** The explorer cannot say anything: Redis went away, or the step does what no schedule can order. Never a verdict. */
public final class ExplorerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ExplorerException(String message) {
        super(message);
    }

    ExplorerException(String message, Throwable cause) {
        super(message, cause);
    }
}
