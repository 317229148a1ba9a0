package flashsale.explore;

import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import io.netty.util.TimerTask;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Redisson's timer without a thread: real time brings nothing. The renewal of locks becomes a choice of the schedule;
 * timeouts of commands, retries and pings never come.
 */
final class HeldTimer extends HashedWheelTimer {

    private static final String RENEWALS = "org.redisson.renewal";

    private final Consumer<TimerTask> renewals;

    HeldTimer(Consumer<TimerTask> renewals) {
        this.renewals = renewals;
    }

    @Override
    public Timeout newTimeout(TimerTask task, long delay, TimeUnit unit) {
        if (task.getClass().getPackageName().equals(RENEWALS)) {
            renewals.accept(task);
        }
        return new Never(this, task);
    }

    @Override
    public Set<Timeout> stop() {
        super.stop();
        return Set.of();
    }

    private record Never(Timer timer, TimerTask task) implements Timeout {
        @Override
        public boolean isExpired() {
            return false;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public boolean cancel() {
            return true;
        }
    }
}
