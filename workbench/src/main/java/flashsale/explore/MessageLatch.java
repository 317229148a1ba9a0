package flashsale.explore;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.redisson.RedissonLockEntry;

/** What a buyer waits on for a message of Redisson's; under the explorer the wait is one of virtual time. */
final class MessageLatch extends Semaphore {

    private static final long serialVersionUID = 1L;

    /** A lease that goes on for so long has ended already: {@link VirtualTime} keeps its key for a moment. */
    private static final Duration ENDED = Duration.ofDays(500);

    /** An entry of Redisson's whose latch is one of these. */
    static final class Entry extends RedissonLockEntry {
        private final MessageLatch latch = new MessageLatch();

        Entry(CompletableFuture<RedissonLockEntry> promise) {
            super(promise);
        }

        @Override
        public Semaphore getLatch() {
            return latch;
        }

        /** Whoever would go on when a message comes, waits for it here, on its own thread. */
        @Override
        public void addListener(Runnable goOn) {
            try {
                latch.awaitMessageOrEndOfLease();
            } catch (Stopped stopped) {
                // The next command is refused, and with it everything ends that waits for a result.
            }
            goOn.run();
        }
    }

    /** What the server last replied to the calling thread as the rest of a lease, in milliseconds. */
    private static final ThreadLocal<Long> LEASE_LEFT = new ThreadLocal<>();

    private final transient List<Actor> waiting = new ArrayList<>();

    private MessageLatch() {
        super(0);
    }

    /** The server has replied a number, which may be the rest of a lease. */
    static void replied(long number) {
        LEASE_LEFT.set(number);
    }

    /** A wait with a deadline of its own is refused: Redisson judges it by the machine's clock. */
    @Override
    public boolean tryAcquire(long timeout, TimeUnit unit) {
        if (!Long.valueOf(unit.toMillis(timeout)).equals(LEASE_LEFT.get()) && calledToTry()) {
            throw actor().cannotBeExplored("a wait with a deadline before the end of the lease: Redisson looks at the"
                    + " machine's clock for it, and time under the explorer is virtual; wait without one, or longer"
                    + " than any lease");
        }
        return super.tryAcquire() || await(Optional.of(whole(unit.toMillis(timeout))));
    }

    private void awaitMessageOrEndOfLease() {
        if (!super.tryAcquire()) {
            Long left = LEASE_LEFT.get();
            await(left == null || left < 0 ? Optional.empty() : Optional.of(whole(left)));
        }
    }

    private static Duration whole(long millis) {
        return millis > ENDED.toMillis() ? Duration.ofSeconds(1) : Duration.ofMillis(VirtualTime.wholeMillis(millis));
    }

    private static boolean calledToTry() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> frame.getClassName().startsWith("org.redisson."))
                        .findFirst())
                .map(frame -> frame.getMethodName().startsWith("try"))
                .orElse(false);
    }

    @Override
    public void acquire() {
        acquireUninterruptibly();
    }

    @Override
    public void acquireUninterruptibly() {
        while (!super.tryAcquire()) {
            await(Optional.empty());
        }
    }

    private boolean await(Optional<Duration> atMost) {
        Actor actor = actor();
        waiting.add(actor);
        try {
            actor.awaitMessage(atMost);
        } finally {
            waiting.remove(actor);
        }
        return super.tryAcquire();
    }

    private static Actor actor() {
        Actor actor = Actor.current();
        if (actor == null) {
            throw new IllegalStateException("only buyers wait under the explorer; \""
                    + Thread.currentThread().getName() + "\" is none");
        }
        return actor;
    }

    /** Wakes everybody: the explorer chooses who of them is first. */
    @Override
    public void release() {
        super.release();
        waiting.forEach(Actor::message);
    }

    @Override
    public void release(int permits) {
        if (permits > 0) {
            super.release(permits);
            waiting.forEach(Actor::message);
        }
    }
}
