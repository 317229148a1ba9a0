package flashsale.redis;

/**
 * No Redis server can be used. The message is one for humans: what was tried (host and port, image, or command) and
 * what to do next. It never holds a password.
 */
public class RedisUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message what was tried, what happened, and what to do next */
    public RedisUnavailableException(String message) {
        super(message);
    }

    /**
     * @param message what was tried, what happened, and what to do next
     * @param cause what the library or the operating system threw
     */
    public RedisUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
