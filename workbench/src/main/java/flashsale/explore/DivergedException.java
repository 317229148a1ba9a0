package flashsale.explore;

/** A schedule could not be followed: at some point its next choice is not possible, or the run differs from before. */
public final class DivergedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DivergedException(String message) {
        super(message);
    }
}
