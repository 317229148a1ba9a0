package flashsale.setnx;

/**
 * A lock that is held until its {@code try} block is left, however it is left. If the purchase throws and the release
 * throws too, the purchase's error is the one that the caller sees, and the release's hangs on it as suppressed.
 */
interface HeldLock extends AutoCloseable {

    /** Releases the lock. */
    @Override
    void close();
}
