package flashsale.lua;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.FAILED;
import static flashsale.sale.Verdict.LOST_ORDER;
import static flashsale.sale.Verdict.LOST_STOCK;
import static flashsale.sale.Verdict.OVERSOLD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.explore.Exploration;
import flashsale.redis.RedisServers;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisDataException;

@DisplayName("Step 1 · ArticleScript")
class ArticleScriptTest {

    private static final String STOCK = "sale:{concert}:stock";
    private static final String BUYERS = "sale:{concert}:buyers";

    private RedisClient redis;

    @BeforeEach
    void connect() {
        redis = RedisServers.shared().connect();
        redis.del(STOCK, BUYERS);
    }

    @AfterEach
    void close() {
        redis.close();
    }

    private static Purchase oneFor(String buyer) {
        return new Purchase(buyer, 1, "a request");
    }

    @Test
    @Order(1)
    @DisplayName("two buyers, one ticket: it never oversells, for nothing comes between check and take")
    void neverOversells() {
        assertThat(explore(LuaLesson.ARTICLE_NEVER_OVERSELLS)).isProved().byRunning(2);
    }

    @Test
    @Order(2)
    @DisplayName(
            "the stock of a sold-out sale is evicted: the next caller begins the sale anew, and it is the step's fault")
    void anEvictionReopensTheSale() {
        Exploration exploration = explore(LuaLesson.ARTICLE_REOPENS_A_SALE);

        assertThat(exploration).oversells().in(2).of(4);
        assertThat(exploration.byFault()).doesNotContainKey(OVERSOLD);
    }

    @Test
    @Order(3)
    @DisplayName("a buyer's second call burns a ticket: two are taken, and a set holds a buyer once")
    void aSecondCallBurnsAUnit() {
        assertThat(explore(LuaLesson.SECOND_CALL_BURNS_A_UNIT))
                .shows(LOST_STOCK, LOST_ORDER)
                .in(1)
                .of(1);

        FlashSale sale = new ArticleScript(redis, "concert", 5);
        sale.open(5);
        sale.buy(oneFor("1001"));
        sale.buy(oneFor("1001"));
        sale.buy(oneFor("1001"));

        assertThat(redis.get(STOCK)).isEqualTo("2");
        assertThat(redis.smembers(BUYERS)).containsExactly("1001");
    }

    @Test
    @Order(4)
    @DisplayName("a script that fails after a write is not rolled back: the ticket is gone, and nobody has it")
    void nothingIsRolledBack() {
        assertThat(explore(LuaLesson.NOTHING_IS_ROLLED_BACK))
                .shows(LOST_STOCK, FAILED)
                .in(1)
                .of(1);

        FlashSale sale = new ArticleScript(redis, "concert", 5);
        sale.open(5);
        assertThatThrownBy(() -> sale.buy(oneFor("user123"))).isInstanceOf(JedisDataException.class);

        assertThat(redis.get(STOCK)).isEqualTo("4");
        assertThat(redis.exists(BUYERS)).isFalse();
    }

    @Test
    @Order(5)
    @DisplayName("stock below zero is not zero, so it sells on")
    void negativeStockSellsOn() {
        FlashSale sale = new ArticleScript(redis, "concert", 5);
        sale.open(5);
        redis.set(STOCK, "-1");

        assertThat(sale.buy(oneFor("1001"))).isEqualTo(Outcome.SOLD);
        assertThat(redis.get(STOCK)).isEqualTo("-2");
    }

    @Test
    @Order(6)
    @DisplayName("whoever comes first says how much there is, and others may believe something else")
    void whoeverComesFirstSaysHowMuchThereIs() {
        FlashSale wellInformed = new ArticleScript(redis, "concert", 5);
        FlashSale outOfDate = new ArticleScript(redis, "concert", 70);
        wellInformed.open(5);

        outOfDate.buy(oneFor("1001"));

        assertThat(wellInformed.books().remaining()).hasValue(69);
    }

    @Test
    @Order(7)
    @DisplayName("a number in Lua is a double: beyond 2^53 two buyers have one id")
    void twoLargeIdsAreOne() {
        FlashSale sale = new ArticleScript(redis, "concert", 5);
        sale.open(5);
        sale.buy(oneFor("9007199254740992"));
        sale.buy(oneFor("9007199254740993"));

        assertThat(redis.get(STOCK)).isEqualTo("3");
        assertThat(redis.scard(BUYERS)).isOne();
    }
}
