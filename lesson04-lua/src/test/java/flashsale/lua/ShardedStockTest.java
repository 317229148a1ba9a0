package flashsale.lua;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertProofFailsFor;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.LOST_ORDER;
import static flashsale.sale.Verdict.LOST_STOCK;
import static flashsale.sale.Verdict.OVER_LIMIT;
import static flashsale.sale.Verdict.TURNED_AWAY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.explore.Claim;
import flashsale.explore.Exploration;
import flashsale.lua.ShardedStockWithout.Without;
import flashsale.redis.RedisServers;
import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import flashsale.sale.Verdict;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisDataException;

@DisplayName("Step 7 · ShardedStock")
class ShardedStockTest {

    @Test
    @Order(1)
    @DisplayName("two shards, two buyers, one ticket: it never oversells")
    void neverOversells() {
        assertThat(explore(LuaLesson.SHARDS_NEVER_OVERSELL)).isProved().byRunning(2);
    }

    @Test
    @Order(2)
    @DisplayName("two shards, both buyers begin at the second, two tickets: nobody is turned away")
    void turnsNobodyAway() {
        assertThat(explore(LuaLesson.SHARDS_TURN_NOBODY_AWAY)).isProved().byRunning(2);
    }

    @Test
    @Order(3)
    @DisplayName("two shards, three buyers, two tickets: both hold")
    void holdsAmongThree() {
        assertThat(explore(LuaLesson.SHARDS_HOLD_AMONG_THREE)).isProved().byRunning(4);
    }

    @Test
    @Order(4)
    @DisplayName("three shards, of which one is empty from the start, three buyers, two tickets: both hold")
    void threeShardsHoldAmongThree() {
        assertThat(explore(LuaLesson.THREE_SHARDS_HOLD_AMONG_THREE)).isProved().byRunning(4);
    }

    @Test
    @Order(5)
    @DisplayName("two buyers, a crash or a lost reply at any moment: nothing is lost, and nothing sold twice")
    void standsACrashOrALostReply() {
        assertThat(explore(LuaLesson.SHARDS_STAND_A_CRASH_OR_A_LOST_REPLY))
                .isProved()
                .byRunning(14);
    }

    @Test
    @Order(6)
    @DisplayName("two buyers, an emptied script cache at any moment: the script is sent again")
    void standsAScriptFlush() {
        assertThat(explore(LuaLesson.SHARDS_STAND_A_SCRIPT_FLUSH)).isProved().byRunning(10);
    }

    @Test
    @Order(7)
    @DisplayName("two buyers, any key is evicted at any moment: what it held is lost, and nothing is sold twice")
    void standsAnEviction() {
        Exploration evicted = explore(LuaLesson.SHARDS_STAND_AN_EVICTION);

        assertThat(evicted).isProved().byRunning(16);
        assertThat(evicted.byFault()).containsOnlyKeys(LOST_STOCK, LOST_ORDER);
    }

    @Test
    @Order(8)
    @DisplayName("a limit of one: one buyer on two devices gets one ticket, since both begin at the same shard")
    void keepsALimitOfOne() {
        assertThat(explore(LuaLesson.SHARDS_KEEP_A_LIMIT_OF_ONE)).isProved().byRunning(2);
    }

    @Test
    @Order(9)
    @DisplayName("a limit of two, and a home with one ticket: what is held at home is carried along")
    void keepsALimitOfTwo() {
        assertThat(explore(LuaLesson.SHARDS_KEEP_A_LIMIT_OF_TWO)).isProved().byRunning(3);
    }

    @Test
    @Order(10)
    @DisplayName("two of four tickets remain, one in each shard, and Carol wants two: she is turned away")
    void scatteredUnitsTurnABuyerAway() {
        assertThat(explore(LuaLesson.SCATTERED_UNITS_TURN_A_BUYER_AWAY))
                .shows(TURNED_AWAY)
                .in(3)
                .of(8);
    }

    @Test
    @Order(11)
    @DisplayName("with a quantity of two the limit does not hold: a shard that lacks two units still sells one")
    void quantitiesBreakTheLimit() {
        assertThat(explore(LuaLesson.QUANTITIES_BREAK_THE_LIMIT))
                .shows(OVER_LIMIT)
                .in(2)
                .of(3);
    }

    @ParameterizedTest(name = "without {0}: {2}")
    @Order(12)
    @CsvSource({
        "THE_NEXT_SHARD, SHARDS_TURN_NOBODY_AWAY, TURNED_AWAY",
        "ONE_SCRIPT, SHARDS_NEVER_OVERSELL, OVERSOLD",
        "A_HOME_OF_THE_BUYER, SHARDS_KEEP_A_LIMIT_OF_ONE, OVER_LIMIT",
        "WHAT_IS_HELD_ELSEWHERE, SHARDS_KEEP_A_LIMIT_OF_TWO, OVER_LIMIT",
        "RECOVERY_FROM_NOSCRIPT, SHARDS_STAND_A_SCRIPT_FLUSH, FAILED",
        "DEALING_OUT, SHARDS_NEVER_OVERSELL, OVERSOLD"
    })
    @DisplayName("a copy that lacks one of the protections fails the proof")
    void everyProtectionIsNeeded(Without without, String claim, Verdict verdict) throws ReflectiveOperationException {
        Claim proved = (Claim) LuaLesson.class.getField(claim).get(null);
        assertProofFailsFor(ShardedStockWithout.step(without), proved, verdict);
    }

    @Test
    @Order(13)
    @DisplayName("the stock is dealt out as evenly as it goes, and the books add it up again")
    void dealsOut() {
        try (RedisClient redis = RedisServers.shared().connect()) {
            FlashSale sale = new ShardedStock(redis, "concert", 3, OptionalInt.empty());
            sale.open(8);

            assertThat(redis.get("sale:{concert-0}:stock")).isEqualTo("3");
            assertThat(redis.get("sale:{concert-1}:stock")).isEqualTo("3");
            assertThat(redis.get("sale:{concert-2}:stock")).isEqualTo("2");
            for (int i = 1; i <= 3; i++) {
                assertThat(sale.buy(new Purchase("Alice", 2, "Alice-" + i))).isEqualTo(Outcome.SOLD);
            }
            assertThat(sale.books()).isEqualTo(new Books(OptionalInt.of(2), Map.of("Alice", 6), Map.of()));

            sale.open(0);
            assertThat(sale.books()).isEqualTo(new Books(OptionalInt.of(0), Map.of(), Map.of()));
            assertThat(sale.buy(new Purchase("Alice", 1, "Alice-4"))).isEqualTo(Outcome.SOLD_OUT);
        }
    }

    @Test
    @Order(14)
    @DisplayName("a sale that was never opened is no such sale, and not sold out")
    void noSuchSale() {
        try (RedisClient redis = RedisServers.shared().connect()) {
            FlashSale sale = new ShardedStock(redis, "never-opened", 3, OptionalInt.empty());

            assertThat(sale.buy(new Purchase("Alice", 1, "Alice-1"))).isEqualTo(Outcome.NO_SUCH_SALE);
            assertThat(sale.books()).isEqualTo(new Books(OptionalInt.empty(), Map.of(), Map.of()));
        }
    }

    @Test
    @Order(15)
    @DisplayName("refuses a negative stock, no shards, and a limit below one")
    void refusesBadNumbers() {
        try (RedisClient redis = RedisServers.shared().connect()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new ShardedStock(redis, "concert", 2, OptionalInt.empty()).open(-1))
                    .withMessage("stock is -1, but must be a whole number from 0");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new ShardedStock(redis, "concert", 0, OptionalInt.empty()))
                    .withMessage("shards is 0, but must be a whole number from 1");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new ShardedStock(redis, "concert", 2, OptionalInt.of(0)))
                    .withMessage("limit is 0, but must be a whole number from 1");
        }
    }

    @Test
    @Order(16)
    @DisplayName("the script also refuses what a client says of other shards, if that is no whole number")
    void theScriptChecksToo() {
        SaleKeys shard = new SaleKeys("concert").shard(0);
        List<String> keys = List.of(shard.stock(), shard.orders());
        try (RedisClient redis = RedisServers.shared().connect()) {
            new ShardedStock(redis, "concert", 1, OptionalInt.empty()).open(5);
            for (String bad : List.of("-1", "1.5", "", "007", "some", "9007199254740993")) {
                assertThatThrownBy(() -> ShardedStock.SCRIPT.run(redis, keys, List.of("Alice", "1", "none", bad)))
                        .isInstanceOf(JedisDataException.class)
                        .hasMessage("ERR what the buyer holds elsewhere is " + bad
                                + ", but must be a whole number from 0 to 2^53 - 1; nothing was written");
            }
            assertThat(redis.get(shard.stock())).isEqualTo("5");
            assertThat(redis.exists(shard.orders())).isFalse();
        }
    }
}
