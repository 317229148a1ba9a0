package flashsale.lua;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertProofFailsFor;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.LOST_ORDER;
import static flashsale.sale.Verdict.LOST_STOCK;
import static org.assertj.core.api.Assertions.assertThat;

import flashsale.explore.Exploration;
import flashsale.redis.RedisServers;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import flashsale.sale.Verdict;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

@DisplayName("Step 2 · AtomicPurchase")
class AtomicPurchaseTest {

    private static final SaleKeys KEYS = new SaleKeys("concert");

    @Test
    @Order(1)
    @DisplayName("two buyers, one ticket: it never oversells")
    void neverOversells() {
        assertThat(explore(LuaLesson.ATOMIC_NEVER_OVERSELLS)).isProved().byRunning(2);
    }

    @Test
    @Order(2)
    @DisplayName("three buyers, two tickets: it never oversells, in any of the six orders that there are")
    void neverOversellsToThree() {
        assertThat(explore(LuaLesson.ATOMIC_NEVER_OVERSELLS_TO_THREE))
                .isProved()
                .byRunning(6);
    }

    @Test
    @Order(3)
    @DisplayName("whoever wants two gets two or none, and nobody is turned away wrongly")
    void sellsDifferentQuantities() {
        assertThat(explore(LuaLesson.ATOMIC_WITH_QUANTITIES)).isProved().byRunning(2);
    }

    @Test
    @Order(4)
    @DisplayName("a limit per buyer holds, on however many devices she buys")
    void keepsTheLimit() {
        assertThat(explore(LuaLesson.ATOMIC_WITH_A_LIMIT)).isProved().byRunning(2);
    }

    @Test
    @Order(5)
    @DisplayName("a crash at any point: stock and order are both written, or neither is")
    void standsACrash() {
        assertThat(explore(LuaLesson.ATOMIC_STANDS_A_CRASH)).isProved().byRunning(6);
    }

    @Test
    @Order(6)
    @DisplayName("the script cache is emptied at any point: the client brings the script again")
    void standsAScriptFlush() {
        assertThat(explore(LuaLesson.ATOMIC_STANDS_A_SCRIPT_FLUSH)).isProved().byRunning(8);
    }

    @Test
    @Order(7)
    @DisplayName("three buyers, a crash and a script flush at any point")
    void standsBothAmongThree() {
        assertThat(explore(LuaLesson.ATOMIC_STANDS_BOTH_AMONG_THREE)).isProved().byRunning(444);
    }

    @Test
    @Order(8)
    @DisplayName("an eviction takes the units or the orders with it, but never oversells")
    void standsAnEviction() {
        Exploration exploration = explore(LuaLesson.ATOMIC_STANDS_AN_EVICTION);

        assertThat(exploration).isProved().byRunning(7);
        assertThat(exploration.byFault()).containsOnlyKeys(LOST_STOCK, LOST_ORDER);
    }

    @Test
    @Order(9)
    @DisplayName("with the orders goes the limit: the audit calls it a lost order, by the fault")
    void theLimitStandsAnEviction() {
        Exploration exploration = explore(LuaLesson.ATOMIC_WITH_A_LIMIT_STANDS_AN_EVICTION);

        assertThat(exploration).isProved().byRunning(7);
        assertThat(exploration.byFault()).containsOnlyKeys(LOST_STOCK, LOST_ORDER);
    }

    @Test
    @Order(10)
    @DisplayName("no stock key is no such sale: not sold out, and not a new sale; the same after an eviction")
    void noStockKeyIsNoSuchSale() {
        try (RedisClient redis = RedisServers.shared().connect()) {
            FlashSale sale = new AtomicPurchase(redis, "concert", OptionalInt.empty());
            redis.del(KEYS.stock(), KEYS.orders());
            assertThat(sale.buy(new Purchase("Alice", 1, "Alice-1"))).isEqualTo(Outcome.NO_SUCH_SALE);
            assertThat(redis.exists(KEYS.stock(), KEYS.orders())).isZero();

            sale.open(3);
            assertThat(sale.buy(new Purchase("Alice", 1, "Alice-2"))).isEqualTo(Outcome.SOLD);
            redis.del(KEYS.stock());
            assertThat(sale.buy(new Purchase("Bob", 1, "Bob-1"))).isEqualTo(Outcome.NO_SUCH_SALE);
            assertThat(redis.exists(KEYS.stock())).isFalse();
        }
    }

    @Test
    @Order(11)
    @DisplayName("the orders are evicted: a buyer's record is gone, and she buys over her limit")
    void anEvictedRecordIsForgotten() {
        try (RedisClient redis = RedisServers.shared().connect()) {
            FlashSale sale = new AtomicPurchase(redis, "concert", OptionalInt.of(1));
            sale.open(3);
            assertThat(sale.buy(new Purchase("Alice", 1, "Alice-1"))).isEqualTo(Outcome.SOLD);
            assertThat(sale.buy(new Purchase("Alice", 1, "Alice-2"))).isEqualTo(Outcome.LIMIT_REACHED);

            redis.del(KEYS.orders());

            assertThat(sale.buy(new Purchase("Alice", 1, "Alice-3"))).isEqualTo(Outcome.SOLD);
            assertThat(sale.books().orders()).containsEntry("Alice", 1); // and holds two tickets
            assertThat(sale.books().remaining()).hasValue(1);
        }
    }

    @Test
    @Order(12)
    @DisplayName("stock below zero is sold out")
    void negativeStockIsSoldOut() {
        try (RedisClient redis = RedisServers.shared().connect()) {
            FlashSale sale = new AtomicPurchase(redis, "concert", OptionalInt.empty());
            sale.open(3);
            redis.set(KEYS.stock(), "-1");

            assertThat(sale.buy(new Purchase("Alice", 1, "Alice-1"))).isEqualTo(Outcome.SOLD_OUT);
            assertThat(redis.get(KEYS.stock())).isEqualTo("-1");
        }
    }

    @Test
    @Order(13)
    @DisplayName("without the look at the stock, or at the limit, or at whether there is such a sale, a proof fails")
    void everyCheckIsNeeded() {
        assertProofFailsFor(
                EditedPurchase.script(AtomicPurchase.SCRIPT, "stock < quantity", "false"),
                LuaLesson.ATOMIC_NEVER_OVERSELLS,
                Verdict.OVERSOLD);
        assertProofFailsFor(
                EditedPurchase.script(AtomicPurchase.SCRIPT, "stock < quantity", "stock < 1"),
                LuaLesson.ATOMIC_WITH_QUANTITIES,
                Verdict.OVERSOLD);
        assertProofFailsFor(
                EditedPurchase.script(AtomicPurchase.SCRIPT, "held + quantity > limit", "false"),
                LuaLesson.ATOMIC_WITH_A_LIMIT,
                Verdict.OVER_LIMIT);
        assertProofFailsFor(
                EditedPurchase.script(
                        AtomicPurchase.SCRIPT, "return 'NO_SUCH_SALE'", "redis.call('SET', KEYS[1], '1') units = '1'"),
                LuaLesson.ATOMIC_STANDS_AN_EVICTION,
                Verdict.OVERSOLD);
    }

    @Test
    @Order(14)
    @DisplayName("with the order outside the script a proof fails as soon as somebody crashes")
    void theOrderBelongsIntoTheScript() {
        assertProofFailsFor(EditedPurchase.recordedByTheClient(), LuaLesson.ATOMIC_STANDS_A_CRASH, Verdict.LOST_STOCK);
    }

    @Test
    @Order(15)
    @DisplayName("without the recovery a purchase fails when the script cache is empty")
    void theRecoveryIsNeeded() {
        assertProofFailsFor(EditedPurchase.withoutRecovery(), LuaLesson.ATOMIC_STANDS_A_SCRIPT_FLUSH, Verdict.FAILED);
    }
}
