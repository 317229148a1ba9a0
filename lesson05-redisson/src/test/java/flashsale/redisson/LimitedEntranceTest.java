package flashsale.redisson;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertProofFailsFor;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.GAVE_UP;
import static flashsale.sale.Verdict.OVERSOLD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import flashsale.explore.Choice;
import flashsale.explore.Counterexample;
import flashsale.explore.Exploration;
import flashsale.explore.Explorer;
import flashsale.explore.Schedule;
import flashsale.redis.RedisServer;
import flashsale.redis.RedisServers;
import flashsale.redis.RedissonConnection;
import flashsale.sale.FlashSale;
import flashsale.sale.Purchase;
import flashsale.sale.SaleContext;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;

@DisplayName("Step 11 · LimitedEntrance")
class LimitedEntranceTest {

    @Test
    @Order(1)
    @DisplayName("in front of an unsafe sale it oversells: both buyers are let in, and both have read the last ticket")
    void protectsNoStock() {
        // 20 orders of three commands each; it goes well where one purchase is over before the other reads the stock,
        // wherever the other enters: 4 orders, for each of the two buyers.
        assertThat(explore(RedissonLesson.ENTRANCE_ALONE_OVERSELLS))
                .oversells()
                .in(12)
                .of(20);
    }

    @Test
    @Order(2)
    @DisplayName("in front of the script nobody is sold what is not there")
    void theScriptDoes() {
        assertThat(explore(RedissonLesson.ENTRANCE_TO_THE_SCRIPT)).isProved().byRunning(48);
    }

    @Test
    @Order(3)
    @DisplayName("the third of three who come within a second is told to come again, and costs one command")
    void protectsTheServer() {
        Counterexample example = Explorer.on(RedisServers.shared())
                .replay(
                        RedissonLesson.LIMITED_ENTRANCE,
                        RedissonLesson.ENTRANCE_TO_THE_SCRIPT.scenario(),
                        Schedule.parse("2A,2B,1C"));

        assertThat(example.findings()).isEmpty();
        assertThat(example.trace())
                .filteredOn(entry -> entry.choice().equals(new Choice.Next(2)))
                .hasSize(1);
    }

    @Test
    @Order(4)
    @DisplayName("what that costs, in every schedule: there was a ticket for everybody, and somebody went away without")
    void missesSales() {
        Exploration all = explore(RedissonLesson.ENTRANCE_MISSES_SALES);

        assertThat(all).shows(GAVE_UP).byRunning(48);
        assertThat(all.verdicts()).containsExactly(entry(GAVE_UP, 48));
    }

    @Test
    @Order(5)
    @DisplayName("with another sale inside, the proof fails: it was never the entrance's")
    void theProofIsTheScripts() {
        assertProofFailsFor(RedissonLesson.LIMITED_ENTRANCE_ONLY, RedissonLesson.ENTRANCE_TO_THE_SCRIPT, OVERSOLD);
    }

    @Test
    @Order(6)
    @DisplayName("whatever else goes wrong at the entrance is no answer to the buyer: it is thrown")
    void otherErrorsAreThrown() {
        RedisServer server = EmptyRedis.shared();
        try (RedissonConnection redisson = RedissonConnection.to(server)) {
            FlashSale sale = RedissonLesson.LIMITED_ENTRANCE
                    .factory()
                    .apply(SaleContext.of(null, "concert").with(RedissonClient.class, redisson::client));
            sale.open(1);
            Ask.it(server, redis -> redis.lpush("sale:{concert}:entrance:value", "no number"));

            assertThatThrownBy(() -> sale.buy(new Purchase("Alice", 1, "Alice-1")))
                    .isInstanceOf(RedisException.class)
                    .hasMessageContaining("WRONGTYPE");
        }
    }
}
