package flashsale.stage;

/** What was typed means nothing here; the message is one line that says why, and what would. */
final class BadArgumentException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BadArgumentException(String message) {
        super(message);
    }
}
