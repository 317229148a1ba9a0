package flashsale.explore;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.SucceededFuture;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * An event loop without a thread: whoever hands it a task runs the task, and all that follow from it, before it goes on.
 * So nothing of a buyer's happens at any other time than on the buyer's own thread, while it has the turn. What is
 * scheduled for later never runs.
 */
final class CallerLoop extends AbstractScheduledEventExecutor implements EventLoop {

    /** The tasks that follow from the one that a thread is running; none if it is running none. */
    private final ThreadLocal<Deque<Runnable>> following = new ThreadLocal<>();

    private volatile boolean shutdown;

    @Override
    public void execute(Runnable task) {
        Deque<Runnable> tasks = following.get();
        if (tasks != null) {
            tasks.add(task);
            return;
        }
        tasks = new ArrayDeque<>();
        following.set(tasks);
        try {
            for (Runnable next = task; next != null; next = tasks.poll()) {
                safeExecute(next);
            }
        } finally {
            following.remove();
        }
    }

    @Override
    public boolean inEventLoop(Thread thread) {
        return thread == Thread.currentThread() && following.get() != null;
    }

    @Override
    public EventLoop next() {
        return this;
    }

    @Override
    public EventLoopGroup parent() {
        return this;
    }

    @Override
    public ChannelFuture register(Channel channel) {
        return register(new DefaultChannelPromise(channel, this));
    }

    @Override
    public ChannelFuture register(ChannelPromise promise) {
        promise.channel().unsafe().register(this, promise);
        return promise;
    }

    @Override
    @Deprecated
    public ChannelFuture register(Channel channel, ChannelPromise promise) {
        channel.unsafe().register(this, promise);
        return promise;
    }

    @Override
    public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
        shutdown = true;
        return terminationFuture();
    }

    @Override
    public Future<?> terminationFuture() {
        return new SucceededFuture<>(GlobalEventExecutor.INSTANCE, null);
    }

    @Override
    @Deprecated
    public void shutdown() {
        shutdown = true;
    }

    @Override
    public boolean isShuttingDown() {
        return shutdown;
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return shutdown;
    }
}
