package flashsale.lua;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.Workbook.exploreQuietly;
import static flashsale.assertions.WorkbookAssertions.assertProofFailsFor;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.LOST_STOCK;
import static flashsale.sale.Verdict.OVERSOLD;
import static flashsale.sale.Verdict.OVER_LIMIT;
import static flashsale.sale.Verdict.PHANTOM_ORDER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.explore.Claim;
import flashsale.explore.Fault;
import flashsale.explore.Scenario;
import flashsale.explore.Step;
import flashsale.lua.QueuedPurchaseWithout.Without;
import flashsale.redis.RedisServers;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

@DisplayName("Step 6 · QueuedPurchase")
class QueuedPurchaseTest {

    private static final Scenario ONE_CRASH =
            Scenario.named("a crash").stock(2).buyer("Alice", 1).buyer("Bob", 1).oneFault(Fault.CRASH);

    @Test
    @Order(1)
    @DisplayName("two buyers want one ticket, and one of them gets it")
    void holds() {
        assertThat(explore(LuaLesson.QUEUED_HOLDS)).isProved().byRunning(2);
    }

    @Test
    @Order(2)
    @DisplayName("three buyers want two tickets")
    void holdsAmongThree() {
        assertThat(explore(LuaLesson.QUEUED_HOLDS_AMONG_THREE)).isProved().byRunning(6);
    }

    @Test
    @Order(3)
    @DisplayName("two buyers, and a crash, a lost reply or an emptied script cache at any moment")
    void survivesOneFault() {
        assertThat(explore(LuaLesson.QUEUED_SURVIVES_ONE_FAULT)).isProved().byRunning(18);
    }

    @Test
    @Order(4)
    @DisplayName("three buyers, and two crashes or lost replies")
    void survivesTwoFaults() {
        assertThat(explore(LuaLesson.QUEUED_SURVIVES_TWO_FAULTS_AMONG_THREE))
                .isProved()
                .byRunning(312);
    }

    @Test
    @Order(5)
    @DisplayName(
            "one buyer on two devices does not get more than the limit, and the repeat of a lost call takes nothing")
    void keepsTheLimit() {
        assertThat(explore(LuaLesson.QUEUED_KEEPS_THE_LIMIT)).isProved().byRunning(8);
    }

    @Test
    @Order(6)
    @DisplayName("one request on two connections at once sells once")
    void sellsOneWishOnce() {
        assertThat(explore(LuaLesson.QUEUED_SELLS_ONE_WISH_ONCE)).isProved().byRunning(6);
    }

    @Test
    @Order(7)
    @DisplayName("sale and message are one step: read from the log, the books are right after a crash at any moment")
    void theLogTellsTheSame() {
        Step fromTheLog = BooksOfTheLog.of(LuaLesson.QUEUED_PURCHASE.factory());

        assertThat(exploreQuietly(Claim.proved(fromTheLog, ONE_CRASH))).isProved();
    }

    @Test
    @Order(8)
    @DisplayName("with the message in a second command, a crash between the two sells a ticket that nobody ever writes")
    void aSecondCommandIsTooLate() {
        Step fromTheLog = BooksOfTheLog.of(shop ->
                new QueuedPurchaseWithout(shop.redis(), shop.item(), shop.limit(), Without.MESSAGE_IN_THE_SCRIPT));

        assertProofFailsFor(fromTheLog, Claim.proved(fromTheLog, ONE_CRASH), LOST_STOCK);
    }

    @Test
    @Order(9)
    @DisplayName("copies with a protection removed fail where this one is proved")
    void theProtectionsAreNeeded() {
        assertProofFailsFor(without(Without.STOCK_CHECK), LuaLesson.QUEUED_HOLDS, OVERSOLD);
        assertProofFailsFor(without(Without.LIMIT), LuaLesson.QUEUED_KEEPS_THE_LIMIT, OVER_LIMIT);
        assertProofFailsFor(without(Without.REQUEST_ID), LuaLesson.QUEUED_SELLS_ONE_WISH_ONCE, PHANTOM_ORDER);
    }

    @Test
    @Order(10)
    @DisplayName("the script is that of step 4, line for line, and one line more")
    void oneLineMore() {
        String withoutTheMessage =
                QueuedPurchase.SCRIPT.text().replaceAll("(?m)^-- This write.*\\nredis.call\\('XADD'.*\\n", "");

        assertThat(code(withoutTheMessage)).isEqualTo(code(IdempotentPurchase.SCRIPT.text()));
        assertThat(code(QueuedPurchase.SCRIPT.text())).isNotEqualTo(code(IdempotentPurchase.SCRIPT.text()));
    }

    /** From the first line of code on. */
    private static String code(String text) {
        return text.substring(text.indexOf("local MOST"));
    }

    @Test
    @Order(11)
    @DisplayName(
            "a script's writes are not rolled back, so the one that can fail comes first: nothing is sold without a log")
    void theWriteThatCanFailComesFirst() {
        try (RedisClient redis = RedisServers.shared().connect()) {
            QueuedPurchase sale = new QueuedPurchase(redis, "concert", OptionalInt.empty());
            sale.open(5);
            redis.set("sale:{concert}:order-log", "no stream");

            assertRefused(redis, sale, "WRONGTYPE");
        }
    }

    @Test
    @Order(12)
    @DisplayName("a request id that comes with another purchase is refused, and not told what the first was told")
    void oneRequestOnePurchase() {
        try (RedisClient redis = RedisServers.shared().connect()) {
            QueuedPurchase sale = new QueuedPurchase(redis, "concert", OptionalInt.empty());
            sale.open(5);
            assertThat(sale.buy(new Purchase("Alice", 1, "r"))).isEqualTo(Outcome.SOLD);

            assertThatThrownBy(() -> sale.buy(new Purchase("Bob", 1, "r")))
                    .hasMessageContaining("stands for another wish");
            assertThatThrownBy(() -> sale.buy(new Purchase("Alice", 2, "r")))
                    .hasMessageContaining("stands for another wish");
            assertThat(sale.books().orders()).isEqualTo(Map.of("Alice", 1));
        }
    }

    @Test
    @Order(13)
    @DisplayName("where nothing is on sale, nothing is remembered; a limit below one is refused")
    void noSuchSale() {
        try (RedisClient redis = RedisServers.shared().connect()) {
            QueuedPurchase sale = new QueuedPurchase(redis, "concert", OptionalInt.empty());
            sale.open(5);
            redis.del("sale:{concert}:stock");
            Map<String, String> before = contents(redis);

            assertThat(sale.buy(new Purchase("Alice", 1, "Alice-1"))).isEqualTo(Outcome.NO_SUCH_SALE);

            assertThat(contents(redis)).isEqualTo(before);
            assertThatThrownBy(() -> new QueuedPurchase(redis, "concert", OptionalInt.of(0)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("limit is 0");
            assertThatThrownBy(() -> sale.open(-1)).hasMessageContaining("stock is -1");
            assertThat(contents(redis)).isEqualTo(before);
        }
    }

    private static void assertRefused(RedisClient redis, QueuedPurchase sale, String why) {
        Map<String, String> before = contents(redis);
        assertThatThrownBy(() -> sale.buy(new Purchase("Alice", 1, "Alice-1"))).hasMessageContaining(why);
        assertThat(contents(redis)).isEqualTo(before);
    }

    /** Every key of the sale with its serialised value. */
    private static Map<String, String> contents(RedisClient redis) {
        Map<String, String> contents = new TreeMap<>();
        redis.keys("sale:{concert}:*").forEach(key -> contents.put(key, Arrays.toString(redis.dump(key))));
        return contents;
    }

    private static Step without(Without missing) {
        return new Step(
                "src/test",
                QueuedPurchaseWithout.class,
                shop -> new QueuedPurchaseWithout(shop.redis(), shop.item(), shop.limit(), missing));
    }
}
