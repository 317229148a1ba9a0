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
    }

    private final transient List<Actor> waiting = new ArrayList<>();

    private MessageLatch() {
        super(0);
    }

    @Override
    public boolean tryAcquire(long timeout, TimeUnit unit) {
        Duration most = Duration.ofMillis(unit.toMillis(timeout));
        Duration whole = most.compareTo(ENDED) > 0
                ? Duration.ofSeconds(1)
                : Duration.ofMillis(VirtualTime.wholeMillis(most.toMillis()));
        return super.tryAcquire() || await(Optional.of(whole));
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
        Actor actor = Actor.current();
        if (actor == null) {
            throw new IllegalStateException("only buyers wait under the explorer; \""
                    + Thread.currentThread().getName() + "\" is none");
        }
        waiting.add(actor);
        try {
            actor.awaitMessage(atMost);
        } finally {
            waiting.remove(actor);
        }
        return super.tryAcquire();
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
