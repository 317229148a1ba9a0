package flashsale.lua;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertProofFailsFor;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.redis.EmbeddedRedis;
import flashsale.redis.RedisServers;
import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.Verdict;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisDataException;

@DisplayName("Step 5 · PurchaseFunction")
class PurchaseFunctionTest {

    @Test
    @Order(1)
    @DisplayName("two buyers, one ticket: it never oversells")
    void neverOversells() {
        assertThat(explore(LuaLesson.FUNCTION_NEVER_OVERSELLS)).isProved().byRunning(2);
    }

    @Test
    @Order(2)
    @DisplayName("three buyers, two tickets: it never oversells")
    void neverOversellsToThree() {
        assertThat(explore(LuaLesson.FUNCTION_NEVER_OVERSELLS_TO_THREE))
                .isProved()
                .byRunning(6);
    }

    @Test
    @Order(3)
    @DisplayName("a limit per buyer holds")
    void keepsTheLimit() {
        assertThat(explore(LuaLesson.FUNCTION_WITH_A_LIMIT)).isProved().byRunning(2);
    }

    @Test
    @Order(4)
    @DisplayName("two buyers, and two of these: a crash, a lost reply, a script flush, which does not touch a function")
    void standsTwoOfThree() {
        assertThat(explore(LuaLesson.FUNCTION_STANDS_TWO_OF_THREE)).isProved().byRunning(74);
    }

    @Test
    @Order(5)
    @DisplayName("one request on two connections at once, with a lost reply: one order")
    void oneRequestAtOnce() {
        assertThat(explore(LuaLesson.FUNCTION_ONE_REQUEST_AT_ONCE)).isProved().byRunning(6);
    }

    @Test
    @Order(6)
    @DisplayName("it does what the script of step 4 does, line for line")
    void theSameLines() {
        String script = IdempotentPurchase.SCRIPT.text();
        String body = PurchaseFunction.LIBRARY
                .replace("local function purchase(keys, args)\n", "")
                .replace("\nend\n\nredis.register_function('flashsale_purchase', purchase)", "")
                .replace("keys[", "KEYS[")
                .replace("args[", "ARGV[");

        assertThat(code(body)).isEqualTo(code(script));
    }

    /** From the first line of code on, without the indentation. */
    private static String code(String text) {
        return text.substring(text.indexOf("local MOST")).replaceAll("(?m)^ +", "");
    }

    @Test
    @Order(7)
    @DisplayName("the function stays when the script cache is emptied, and when the data is deleted")
    void theFunctionStays() {
        try (RedisClient redis = RedisServers.shared().connect()) {
            FlashSale sale = new PurchaseFunction(redis, "concert", OptionalInt.empty());
            sale.open(3);
            redis.scriptFlush();
            assertThat(sale.buy(new Purchase("Alice", 1, "Alice-1"))).isEqualTo(Outcome.SOLD);
            redis.flushDB();
            assertThat(sale.buy(new Purchase("Bob", 1, "Bob-1"))).isEqualTo(Outcome.NO_SUCH_SALE);
        }
    }

    @Test
    @Order(8)
    @DisplayName(
            "a function that was deleted is an error for every buyer, and nothing is sold until it is loaded again")
    void aFunctionThatWasDeleted() {
        try (EmbeddedRedis server = EmbeddedRedis.start();
                RedisClient redis = server.connect()) {
            FlashSale sale = new PurchaseFunction(redis, "concert", OptionalInt.empty());
            sale.open(3);
            redis.functionFlush();

            assertThatThrownBy(() -> sale.buy(new Purchase("Alice", 1, "Alice-1")))
                    .isInstanceOf(JedisDataException.class)
                    .hasMessage("ERR Function not found");
            assertThat(sale.books()).isEqualTo(Books.of("3", Map.of()));
        }
    }

    @Test
    @Order(9)
    @DisplayName("a server that knows no functions is refused in plain words, with its version, and nothing is on sale")
    void aServerThatKnowsNoFunctions() {
        try (EmbeddedRedis server = EmbeddedRedis.start("--rename-command", "FUNCTION", "");
                RedisClient redis = server.connect()) {
            FlashSale sale = new PurchaseFunction(redis, "concert", OptionalInt.empty());

            assertThatThrownBy(() -> sale.open(3))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("functions need Redis 7.0 or later, and this server is Redis 7.0.15,");
            assertThat(redis.dbSize()).isZero();
        }
    }

    @Test
    @Order(10)
    @DisplayName("without the look at the stock, the limit or the id a proof fails")
    void everyCheckIsNeeded() {
        assertProofFailsFor(
                EditedPurchase.function("stock < quantity", "false"),
                LuaLesson.FUNCTION_NEVER_OVERSELLS,
                Verdict.OVERSOLD);
        assertProofFailsFor(
                EditedPurchase.function("held + quantity > limit", "false"),
                LuaLesson.FUNCTION_WITH_A_LIMIT,
                Verdict.OVER_LIMIT);
        assertProofFailsFor(
                EditedPurchase.function("if first then", "if false then"),
                LuaLesson.FUNCTION_ONE_REQUEST_AT_ONCE,
                Verdict.PHANTOM_ORDER);
    }
}
