package flashsale.lua;

import static org.assertj.core.api.Assertions.assertThat;

import flashsale.crowd.Crowd;
import flashsale.crowd.CrowdResult;
import flashsale.explore.Step;
import flashsale.redis.RedisServers;
import flashsale.sale.Finding;
import flashsale.sale.FlashSale;
import flashsale.sale.Purchase;
import flashsale.sale.Repeater;
import flashsale.sale.SaleContext;
import flashsale.sale.Sleeper;
import flashsale.sale.Verdict;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** Real threads and no schedule: what the explorer proved must hold here too. What it exposed is left to it, not to luck. */
@DisplayName("The crowd · 500 buyers on real threads, 100 tickets")
class CrowdTest {

    private static final int TICKETS = 100;

    /** A third of the buyers wants one ticket each, a third two, a third three: ten times as many as there are. */
    private static final Crowd CROWD = Crowd.buyers(500).wanting(i -> 1 + i % 3);

    private static CrowdResult send(Crowd crowd, Step step, OptionalInt limit, int stock) {
        try (RedisClient redis = RedisServers.shared().connect()) {
            SaleContext shop =
                    new SaleContext(redis, "concert", limit, InstantSource.system(), Sleeper.real(), Repeater.real());
            List<FlashSale> servers =
                    Stream.generate(() -> step.factory().apply(shop)).limit(3).toList();

            CrowdResult result = crowd.buy(servers, stock);

            System.out.println("\n  " + result.summary());
            return result;
        }
    }

    @Test
    @Order(1)
    @DisplayName("three application servers with one script")
    void atomicPurchase() {
        assertThat(send(CROWD, LuaLesson.ATOMIC_PURCHASE, OptionalInt.empty(), TICKETS)
                        .isClean())
                .isTrue();
    }

    @Test
    @Order(2)
    @DisplayName("the same with request ids")
    void idempotentPurchase() {
        assertThat(send(CROWD, LuaLesson.IDEMPOTENT_PURCHASE, OptionalInt.empty(), TICKETS)
                        .isClean())
                .isTrue();
    }

    @Test
    @Order(3)
    @DisplayName("the same as a function")
    void purchaseFunction() {
        assertThat(send(CROWD, LuaLesson.PURCHASE_FUNCTION, OptionalInt.empty(), TICKETS)
                        .isClean())
                .isTrue();
    }

    @Test
    @Order(4)
    @DisplayName("2,000 buyers who send every request twice, limit two")
    void twoThousandWhoRepeat() {
        List<Purchase> everyRequestTwice = IntStream.range(0, 2_000)
                .mapToObj(i -> new Purchase("buyer-" + i, 1 + i % 3, "request-" + i))
                .flatMap(purchase -> Stream.of(purchase, purchase))
                .toList();

        CrowdResult result =
                send(Crowd.of(everyRequestTwice).limit(2), LuaLesson.IDEMPOTENT_PURCHASE, OptionalInt.of(2), 700);

        assertThat(result.isClean()).isTrue();
        assertThat(result.sale().books().sold()).isEqualTo(700);
    }

    @Test
    @Order(5)
    @DisplayName(
            "20,000 buyers at one server, 50 at once, in pipelines: nobody is forgotten, or told another's outcome")
    void pipelinedPurchase() {
        try (RedisClient redis = RedisServers.shared().connect()) {
            CrowdResult result = Crowd.buyers(20_000)
                    .wanting(i -> 1 + i % 3)
                    .threads(50)
                    .buy(new PipelinedPurchase(redis, "concert", OptionalInt.empty(), 50), 30_000);

            System.out.println("\n  " + result.summary());
            assertThat(result.isClean()).isTrue();
        }
    }

    @Test
    @Order(6)
    @DisplayName("the same crowds turn the audit red where the stock is not looked at, or the request id")
    void theAuditCanFail() {
        CrowdResult stockIgnored = send(
                CROWD,
                EditedPurchase.script(AtomicPurchase.SCRIPT, "stock < quantity", "false"),
                OptionalInt.empty(),
                TICKETS);
        assertThat(stockIgnored.findings()).extracting(Finding::verdict).containsExactly(Verdict.OVERSOLD);

        List<Purchase> twice = List.of(new Purchase("Alice", 1, "Alice-1"), new Purchase("Alice", 1, "Alice-1"));
        CrowdResult idIgnored = send(Crowd.of(twice), LuaLesson.ATOMIC_PURCHASE, OptionalInt.empty(), 2);
        assertThat(idIgnored.findings()).extracting(Finding::verdict).containsExactly(Verdict.PHANTOM_ORDER);
    }
}
