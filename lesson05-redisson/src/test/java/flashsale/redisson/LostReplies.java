package flashsale.redisson;

import flashsale.redis.RedissonConnection;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.HashedWheelTimer;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.Timeout;
import io.netty.util.TimerTask;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.redisson.Redisson;
import org.redisson.client.NettyHook;
import org.redisson.config.ConstantDelay;
import org.redisson.connection.ServiceManager;

/**
 * An ordinary client that does not get every reply: replies to scripts are thrown away, and their connections closed.
 *
 * <p>Redisson finds out when its patience with a reply is over, and pauses before it tries again. Both last hours here,
 * so no slow machine makes it try again by itself; and when a reply has been lost, the hours pass at once. (A client that
 * may not try again waits for its connections as long as for its replies: of that one this could not tell which is over.)
 */
final class LostReplies implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofHours(2);
    private static final Duration PAUSE = Duration.ofHours(1);

    private final AtomicInteger toLose = new AtomicInteger();
    private final AtomicInteger scriptsRun = new AtomicInteger();
    private final HoursPass timer = new HoursPass();
    final RedissonConnection redisson;

    LostReplies() {
        redisson = RedissonConnection.to(EmptyRedis.shared(), config -> {
            config.setNettyHook(new Hook());
            config.useSingleServer().setTimeout((int) PATIENCE.toMillis()).setRetryDelay(new ConstantDelay(PAUSE));
        });
        ServiceManager services = ((Redisson) redisson.client()).getServiceManager();
        services.getTimer().stop();
        try {
            Field field = ServiceManager.class.getDeclaredField("timer");
            field.setAccessible(true);
            field.set(services, timer);
        } catch (ReflectiveOperationException anotherVersion) {
            redisson.close();
            throw new AssertionError("where does this version of Redisson keep its timer?", anotherVersion);
        }
    }

    /**
     * From now on scripts are counted, and one reply is lost.
     *
     * @param which the script whose reply it is, the next one being 1
     */
    void loseReply(int which) {
        scriptsRun.set(0);
        toLose.set(which);
    }

    /** How many scripts the server has run since then. */
    int scriptsRun() {
        return scriptsRun.get();
    }

    @Override
    public void close() {
        redisson.close();
    }

    /** Redisson's own timer; only that two hours pass when a reply was lost, and the hour that begins then. */
    private static final class HoursPass extends HashedWheelTimer {
        private final ThreadLocal<Boolean> patienceIsOver = ThreadLocal.withInitial(() -> false);
        private Timeout patience;
        private TimerTask whatThen;
        private boolean owed;

        HoursPass() {
            super(new DefaultThreadFactory("redisson-timer"), 1, TimeUnit.MILLISECONDS);
        }

        @Override
        public synchronized Timeout newTimeout(TimerTask task, long delay, TimeUnit unit) {
            if (unit.toMillis(delay) == PATIENCE.toMillis()) {
                whatThen = timeout -> {
                    patienceIsOver.set(true);
                    try {
                        task.run(timeout);
                    } finally {
                        patienceIsOver.remove();
                    }
                };
                patience = super.newTimeout(whatThen, owed ? 0 : delay, unit);
                owed = false;
                return patience;
            }
            return super.newTimeout(task, patienceIsOver.get() ? 0 : delay, unit);
        }

        /** If nobody is waiting yet, since the reply was quicker than who waits for it, the next one need not. */
        synchronized void pass() {
            if (patience != null && patience.cancel()) {
                super.newTimeout(whatThen, 0, TimeUnit.MILLISECONDS);
            } else {
                owed = true;
            }
        }
    }

    private final class Hook implements NettyHook {
        @Override
        public void afterBoostrapInitialization(Bootstrap bootstrap) {
            // Nothing to do before there is a channel.
        }

        @Override
        public void afterChannelInitialization(Channel channel) {
            channel.pipeline().addFirst(new ChannelDuplexHandler() {
                private boolean awaitsScript;

                @Override
                public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
                        throws Exception {
                    if (message instanceof ByteBuf bytes
                            && bytes.toString(StandardCharsets.UTF_8).contains("EVAL")) {
                        awaitsScript = true;
                    }
                    super.write(context, message, promise);
                }

                @Override
                public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
                    if (awaitsScript) {
                        awaitsScript = false;
                        if (scriptsRun.incrementAndGet() == toLose.get()) {
                            ReferenceCountUtil.release(message);
                            context.close();
                            timer.pass();
                            return;
                        }
                    }
                    super.channelRead(context, message);
                }
            });
        }
    }
}
