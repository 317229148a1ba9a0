package flashsale.redisson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisson.api.RRateLimiter;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;
import org.redisson.api.RateType;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

/** A reply is lost between the server and an ordinary client; no time is measured, see {@link LostReplies}. */
@DisplayName("Redisson retries by itself · one call, and the script runs more than once")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RetriesTest {

    private static final int TICKETS = 10;
    private static final Purchase WISH = new Purchase("Alice", 1, "Alice-1");

    /** Lesson 4's script without the id: it sells, and asks nobody for a name. */
    private static final String SELLS = "if tonumber(redis.call('GET', KEYS[1])) < 1 then return 'SOLD_OUT' end "
            + "redis.call('DECR', KEYS[1]) redis.call('HINCRBY', KEYS[2], ARGV[1], 1) return 'SOLD'";

    private static void sellWithoutAnId(LostReplies replies) {
        replies.redisson
                .client()
                .getScript(StringCodec.INSTANCE)
                .eval(
                        Mode.READ_WRITE,
                        SELLS,
                        ReturnType.VALUE,
                        List.of("sale:{concert}:stock", "sale:{concert}:orders"),
                        WISH.buyer());
    }

    private static FlashSale opened(LostReplies replies) {
        FlashSale sale = new ScriptedPurchase(replies.redisson.client(), "concert", OptionalInt.empty());
        sale.open(TICKETS);
        return sale;
    }

    @Test
    @Order(1)
    @DisplayName("without a request id: one call, one lost reply, two tickets, and no error")
    void sellsTwice() {
        try (LostReplies replies = new LostReplies()) {
            FlashSale sale = opened(replies);
            sellWithoutAnId(replies); // from now on the server knows the script
            replies.loseReply(1);

            sellWithoutAnId(replies);

            assertThat(replies.scriptsRun()).isEqualTo(2);
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
        try (LostReplies replies = new LostReplies()) {
            FlashSale sale = opened(replies);
            replies.loseReply(1);

            assertThat(sale.buy(WISH)).isEqualTo(Outcome.SOLD);

            assertThat(replies.scriptsRun()).isEqualTo(2);
            assertThat(sale.books().orders()).containsEntry("Alice", 1);
            assertThat(sale.books().remaining()).hasValue(TICKETS - 1);
        }
    }

    @Test
    @Order(4)
    @DisplayName("a permit's confirmation is retried, too: it is sold, and its buyer is told to come again")
    void theConfirmationIsNotSafeToRepeat() {
        try (LostReplies replies = new LostReplies()) {
            FlashSale sale = new ExpirablePermitStock(replies.redisson.client(), "concert", Duration.ofMinutes(10));
            sale.open(TICKETS);
            sale.buy(new Purchase("Bob", 1, "Bob-1")); // from now on the server knows the scripts
            replies.loseReply(2); // the first one reserves

            assertThat(sale.buy(WISH)).isEqualTo(Outcome.CONTENDED);

            assertThat(replies.scriptsRun()).isEqualTo(1 + 2);
            assertThat(sale.books().orders()).containsEntry("Alice", 1);
        }
    }

    @Test
    @Order(5)
    @DisplayName("a semaphore's tryAcquire is not retried: the call fails, and the permit is gone, without an order")
    void theSemaphoreAsksOnce() {
        try (LostReplies replies = new LostReplies()) {
            FlashSale sale = new SemaphoreStock(replies.redisson.client(), "concert");
            sale.open(TICKETS);
            sale.buy(new Purchase("Bob", 1, "Bob-1"));
            replies.loseReply(1);

            assertThatThrownBy(() -> sale.buy(WISH)).isInstanceOf(RedisException.class);

            assertThat(replies.scriptsRun()).isEqualTo(1);
            assertThat(sale.books().remaining()).hasValue(TICKETS - 2);
            assertThat(sale.books().orders()).containsOnlyKeys("Bob");
        }
    }

    static Stream<Arguments> takers() {
        return Stream.of(
                taker(
                        "a lock",
                        redisson -> redisson.getLock("sale:{concert}:lock").tryLock()),
                taker(
                        "a fenced lock",
                        redisson ->
                                redisson.getFencedLock("sale:{concert}:fenced").tryLockAndGetToken()),
                taker(
                        "a semaphore",
                        redisson ->
                                redisson.getSemaphore("sale:{concert}:permits").tryAcquire()),
                taker(
                        "permits that end",
                        redisson -> redisson.getPermitExpirableSemaphore("sale:{concert}:ending")
                                .tryAcquire(1, 0, 600, TimeUnit.SECONDS)));
    }

    private static Arguments taker(String name, Taker taker) {
        return Arguments.of(name, taker);
    }

    private interface Taker {
        void take(RedissonClient redisson) throws InterruptedException;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("takers")
    @Order(6)
    @DisplayName("what takes something is sent once, and the caller gets an error")
    void takersAskOnce(String name, Taker taker) throws Exception {
        try (LostReplies replies = new LostReplies()) {
            RedissonClient redisson = replies.redisson.client();
            redisson.getSemaphore("sale:{concert}:permits").trySetPermits(TICKETS);
            redisson.getPermitExpirableSemaphore("sale:{concert}:ending").trySetPermits(TICKETS);
            taker.take(redisson); // from now on the server knows the script
            replies.loseReply(1);

            assertThatThrownBy(() -> taker.take(redisson)).isInstanceOf(RedisException.class);

            assertThat(replies.scriptsRun()).isEqualTo(1);
        }
    }

    @Test
    @Order(7)
    @DisplayName("but a rate limiter's tryAcquire is retried: one call takes two")
    void theRateLimiterAsksTwice() {
        try (LostReplies replies = new LostReplies()) {
            RRateLimiter entrance = replies.redisson.client().getRateLimiter("sale:{concert}:entrance");
            entrance.trySetRate(RateType.OVERALL, TICKETS, Duration.ofHours(1));
            assertThat(entrance.tryAcquire()).isTrue(); // from now on the server knows the script
            replies.loseReply(1);

            assertThat(entrance.tryAcquire()).isTrue();

            assertThat(replies.scriptsRun()).isEqualTo(2);
            assertThat(entrance.availablePermits()).isEqualTo(TICKETS - 1 - 2);
        }
    }
}
