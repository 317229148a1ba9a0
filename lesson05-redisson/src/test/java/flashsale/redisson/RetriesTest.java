package flashsale.redisson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.redis.RedisServers;
import flashsale.redis.RedissonConnection;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;
import org.redisson.client.NettyHook;
import org.redisson.client.RedisException;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;
import org.redisson.config.ConstantDelay;

/** A reply is lost between the server and an ordinary client: it is thrown away, and the connection closed. */
@DisplayName("Redisson retries by itself · one call, and the script runs more than once")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RetriesTest {

    private static final int TICKETS = 10;
    private static final int PATIENCE_MILLIS = 2000;
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Purchase WISH = new Purchase("Alice", 1, "Alice-1");

    /** Lesson 4's script without the id: it sells, and asks nobody for a name. */
    private static final String SELLS = "if tonumber(redis.call('GET', KEYS[1])) < 1 then return 'SOLD_OUT' end "
            + "redis.call('DECR', KEYS[1]) redis.call('HINCRBY', KEYS[2], ARGV[1], 1) return 'SOLD'";

    /** Loses replies to scripts. */
    private static final class LosesReplies implements NettyHook {
        private final AtomicInteger toLose = new AtomicInteger();
        private final AtomicInteger scriptsRun = new AtomicInteger();

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
                        scriptsRun.incrementAndGet();
                        if (toLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                            ReferenceCountUtil.release(message);
                            context.close();
                            return;
                        }
                    }
                    super.channelRead(context, message);
                }
            });
        }
    }

    private final LosesReplies replies = new LosesReplies();

    /** Redisson as it comes, only less patient with a reply that does not come. */
    private RedissonConnection connect() {
        return RedissonConnection.to(RedisServers.shared(), config -> {
            config.setNettyHook(replies);
            config.useSingleServer().setTimeout(PATIENCE_MILLIS).setRetryDelay(new ConstantDelay(PAUSE));
        });
    }

    private static void sellWithoutAnId(RedissonConnection redisson) {
        redisson.client()
                .getScript(StringCodec.INSTANCE)
                .eval(
                        Mode.READ_WRITE,
                        SELLS,
                        ReturnType.VALUE,
                        List.of("sale:{concert}:stock", "sale:{concert}:orders"),
                        WISH.buyer());
    }

    private static FlashSale opened(RedissonConnection redisson) {
        FlashSale sale = new ScriptedPurchase(redisson.client(), "concert", OptionalInt.empty());
        sale.open(TICKETS);
        return sale;
    }

    @Test
    @Order(1)
    @DisplayName("without a request id: one call, one lost reply, two tickets, and no error")
    void sellsTwice() {
        try (RedissonConnection redisson = connect()) {
            FlashSale sale = opened(redisson);
            sellWithoutAnId(redisson); // from now on the server knows the script
            replies.scriptsRun.set(0);
            replies.toLose.set(1);

            sellWithoutAnId(redisson);

            assertThat(replies.scriptsRun).hasValue(2);
            assertThat(sale.books().orders()).containsEntry("Alice", 1 + 2);
        }
    }

    @Test
    @Order(2)
    @DisplayName("up to four times: that is what Redisson comes with")
    void upToFourTimes() {
        assertThat(new Config().useSingleServer().getRetryAttempts()).isEqualTo(4);
    }

    @Test
    @Order(3)
    @DisplayName("with the request id in the script it is retried as well, and sells once")
    void sellsOnce() {
        try (RedissonConnection redisson = connect()) {
            FlashSale sale = opened(redisson);
            replies.scriptsRun.set(0);
            replies.toLose.set(1);

            assertThat(sale.buy(WISH)).isEqualTo(Outcome.SOLD);

            assertThat(replies.scriptsRun).hasValue(2);
            assertThat(sale.books().orders()).containsEntry("Alice", 1);
            assertThat(sale.books().remaining()).hasValue(TICKETS - 1);
        }
    }

    @Test
    @Order(4)
    @DisplayName("a semaphore's tryAcquire is not retried: the call fails, and the permit is gone, without an order")
    void theSemaphoreAsksOnce() {
        try (RedissonConnection redisson = connect()) {
            FlashSale sale = new SemaphoreStock(redisson.client(), "concert");
            sale.open(TICKETS);
            sale.buy(new Purchase("Bob", 1, "Bob-1"));
            replies.scriptsRun.set(0);
            replies.toLose.set(1);

            assertThatThrownBy(() -> sale.buy(WISH)).isInstanceOf(RedisException.class);

            assertThat(replies.scriptsRun).hasValue(1);
            assertThat(sale.books().remaining()).hasValue(TICKETS - 2);
            assertThat(sale.books().orders()).containsOnlyKeys("Bob");
        }
    }
}
