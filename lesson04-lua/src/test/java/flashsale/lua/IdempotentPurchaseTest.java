package flashsale.lua;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertProofFailsFor;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.PHANTOM_ORDER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.explore.Claim;
import flashsale.explore.Step;
import flashsale.redis.RedisServers;
import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleContext;
import flashsale.sale.SaleKeys;
import flashsale.sale.Verdict;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisDataException;

@DisplayName("Step 4 · IdempotentPurchase")
class IdempotentPurchaseTest {

    private static final Purchase ALICES = new Purchase("Alice", 1, "Alice-1");
    private static final SaleKeys KEYS = new SaleKeys("concert");
    private static final String REQUEST = KEYS.key("request:Alice-1");

    private RedisClient redis;

    @BeforeEach
    void connect() {
        redis = RedisServers.shared().connect();
    }

    @AfterEach
    void close() {
        redis.close();
    }

    private FlashSale open(int stock) {
        FlashSale sale = new IdempotentPurchase(redis, "concert", OptionalInt.empty());
        sale.open(stock);
        return sale;
    }

    @Test
    @Order(1)
    @DisplayName("two buyers, one ticket: it never oversells")
    void neverOversells() {
        assertThat(explore(LuaLesson.IDEMPOTENT_NEVER_OVERSELLS)).isProved().byRunning(2);
    }

    @Test
    @Order(2)
    @DisplayName("three buyers, two tickets: it never oversells")
    void neverOversellsToThree() {
        assertThat(explore(LuaLesson.IDEMPOTENT_NEVER_OVERSELLS_TO_THREE))
                .isProved()
                .byRunning(6);
    }

    @Test
    @Order(3)
    @DisplayName("a limit per buyer holds")
    void keepsTheLimit() {
        assertThat(explore(LuaLesson.IDEMPOTENT_WITH_A_LIMIT)).isProved().byRunning(2);
    }

    @Test
    @Order(4)
    @DisplayName("a reply is lost, the call is repeated: one wish is one order")
    void standsALostReply() {
        assertThat(explore(LuaLesson.IDEMPOTENT_STANDS_A_LOST_REPLY)).isProved().byRunning(8);
    }

    @Test
    @Order(5)
    @DisplayName("a crash at any point")
    void standsACrash() {
        assertThat(explore(LuaLesson.IDEMPOTENT_STANDS_A_CRASH)).isProved().byRunning(6);
    }

    @Test
    @Order(6)
    @DisplayName("two buyers, and two of these: a crash, a lost reply, a script flush")
    void standsTwoOfThree() {
        assertThat(explore(LuaLesson.IDEMPOTENT_STANDS_TWO_OF_THREE)).isProved().byRunning(116);
    }

    @Test
    @Order(7)
    @DisplayName("three replies in a row are lost: the client gives up without an answer, and the wish is one order")
    void standsThreeLostReplies() {
        assertThat(explore(LuaLesson.IDEMPOTENT_STANDS_THREE_LOST_REPLIES))
                .isProved()
                .byRunning(4);
    }

    @Test
    @Order(8)
    @DisplayName("one request on two connections at once, with a lost reply: one order, and both are told the same")
    void oneRequestAtOnce() {
        assertThat(explore(LuaLesson.ONE_REQUEST_AT_ONCE)).isProved().byRunning(6);
    }

    @Test
    @Order(9)
    @DisplayName("a process dies, before or after the purchase, and a new one repeats its request: one order")
    void aNewProcessRepeatsTheRequest() {
        assertThat(explore(LuaLesson.ONE_REQUEST_AFTER_A_CRASH)).isProved().byRunning(6);
    }

    @Test
    @Order(10)
    @DisplayName("the id is remembered for a bounded time: a repeat that comes later buys again")
    void repeatedTooLate() {
        assertThat(explore(LuaLesson.REPEATED_TOO_LATE))
                .shows(PHANTOM_ORDER)
                .in(2)
                .of(4);
    }

    @Test
    @Order(11)
    @DisplayName("it is remembered for ten minutes from the first answer, and no repeat makes that longer")
    void noRepeatProlongsTheMemory() {
        FlashSale sale = open(2);
        sale.buy(ALICES);
        assertThat(redis.pttl(REQUEST)).isBetween(1L, 600_000L);

        redis.pexpire(REQUEST, 300_000);
        assertThat(sale.buy(ALICES)).isEqualTo(Outcome.SOLD);

        assertThat(redis.pttl(REQUEST)).isBetween(1L, 300_000L);
    }

    @Test
    @Order(12)
    @DisplayName(
            "a refusal stands, too: if units come back, a late copy of the request is not sold what nobody waits for")
    void aRefusalIsRemembered() {
        FlashSale sale = open(0);
        assertThat(sale.buy(ALICES)).isEqualTo(Outcome.SOLD_OUT);
        redis.incrBy(KEYS.stock(), 1);
        assertThat(sale.buy(ALICES)).isEqualTo(Outcome.SOLD_OUT);
        assertThat(sale.buy(new Purchase("Alice", 1, "Alice-2"))).isEqualTo(Outcome.SOLD); // a new wish

        FlashSale limited = new IdempotentPurchase(redis, "concert", OptionalInt.of(1));
        limited.open(2);
        assertThat(limited.buy(ALICES)).isEqualTo(Outcome.SOLD);
        Purchase second = new Purchase("Alice", 1, "Alice-2");
        assertThat(limited.buy(second)).isEqualTo(Outcome.LIMIT_REACHED);
        redis.del(KEYS.orders()); // she gives her ticket back
        assertThat(limited.buy(second)).isEqualTo(Outcome.LIMIT_REACHED);

        FlashSale forgetful = EditedPurchase.script(
                        IdempotentPurchase.SCRIPT, "return answer('SOLD_OUT')", "return 'SOLD_OUT'")
                .factory()
                .apply(SaleContext.of(redis, "concert"));
        forgetful.open(0);
        assertThat(forgetful.buy(ALICES)).isEqualTo(Outcome.SOLD_OUT);
        redis.incrBy(KEYS.stock(), 1);
        assertThat(forgetful.buy(ALICES)).isEqualTo(Outcome.SOLD);
    }

    @Test
    @Order(13)
    @DisplayName("that there is no such sale is not remembered: who came too early may come again")
    void noSuchSaleIsNotRemembered() {
        FlashSale sale = new IdempotentPurchase(redis, "concert", OptionalInt.empty());
        redis.del(KEYS.stock(), KEYS.orders(), REQUEST);

        assertThat(sale.buy(ALICES)).isEqualTo(Outcome.NO_SUCH_SALE);
        assertThat(redis.exists(REQUEST)).isFalse();
        redis.set(KEYS.stock(), "1");
        assertThat(sale.buy(ALICES)).isEqualTo(Outcome.SOLD);
    }

    @Test
    @Order(14)
    @DisplayName("one id for two different wishes is an error, and nothing is sold")
    void oneIdForTwoWishes() {
        FlashSale sale = open(5);
        sale.buy(ALICES);

        for (Purchase other : new Purchase[] {new Purchase("Bob", 1, "Alice-1"), new Purchase("Alice", 2, "Alice-1")}) {
            assertThatThrownBy(() -> sale.buy(other))
                    .isInstanceOf(JedisDataException.class)
                    .hasMessage("ERR this request id stands for another wish, \"1 Alice\", and not for \""
                            + other.quantity() + " " + other.buyer() + "\"; nothing was written");
        }
        assertThat(sale.books()).isEqualTo(Books.of("4", Map.of("Alice", "1")));
    }

    @Test
    @Order(15)
    @DisplayName("a new sale of the same item knows nothing of the requests of the old one")
    void aNewSaleForgets() {
        FlashSale sale = open(1);
        sale.buy(ALICES);
        sale.open(1);

        assertThat(sale.buy(ALICES)).isEqualTo(Outcome.SOLD);
        assertThat(sale.books()).isEqualTo(Books.of("0", Map.of("Alice", "1")));
    }

    @Test
    @Order(16)
    @DisplayName("without the id, which is step 3, every proof with a repeat fails")
    void theIdIsNeeded() {
        for (Claim claim : new Claim[] {
            LuaLesson.IDEMPOTENT_STANDS_A_LOST_REPLY,
            LuaLesson.IDEMPOTENT_STANDS_THREE_LOST_REPLIES,
            LuaLesson.ONE_REQUEST_AT_ONCE,
            LuaLesson.ONE_REQUEST_AFTER_A_CRASH
        }) {
            assertProofFailsFor(LuaLesson.RETRIED_BLINDLY, claim, PHANTOM_ORDER);
        }
    }

    @Test
    @Order(17)
    @DisplayName(
            "asking for the id in a command of its own is not enough: two copies at once, or a crash, and the proof fails")
    void theIdBelongsIntoTheScript() {
        Step copy = new Step("src/test", IdAskedBeforehand.class, IdAskedBeforehand::new);

        assertProofFailsFor(copy, LuaLesson.ONE_REQUEST_AT_ONCE, PHANTOM_ORDER);
        assertProofFailsFor(copy, LuaLesson.ONE_REQUEST_AFTER_A_CRASH, PHANTOM_ORDER);
    }

    @Test
    @Order(18)
    @DisplayName("without the look at the stock, or at the limit, the first proofs fail")
    void everyCheckIsNeeded() {
        assertProofFailsFor(
                EditedPurchase.script(IdempotentPurchase.SCRIPT, "stock < quantity", "false"),
                LuaLesson.IDEMPOTENT_NEVER_OVERSELLS,
                Verdict.OVERSOLD);
        assertProofFailsFor(
                EditedPurchase.script(IdempotentPurchase.SCRIPT, "held + quantity > limit", "false"),
                LuaLesson.IDEMPOTENT_WITH_A_LIMIT,
                Verdict.OVER_LIMIT);
    }
}
