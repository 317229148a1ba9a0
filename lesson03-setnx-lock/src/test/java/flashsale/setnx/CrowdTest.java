package flashsale.setnx;

import static org.assertj.core.api.Assertions.assertThat;

import flashsale.crowd.Crowd;
import flashsale.crowd.CrowdResult;
import flashsale.explore.Step;
import flashsale.redis.RedisServers;
import flashsale.sale.Finding;
import flashsale.sale.FlashSale;
import flashsale.sale.SaleContext;
import flashsale.sale.Verdict;
import java.util.List;
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

    private static void assertSellsEveryTicketOnce(Step step) {
        try (RedisClient redis = RedisServers.shared().connect()) {
            SaleContext shop = SaleContext.of(redis, "concert");
            List<FlashSale> servers = List.of(
                    step.factory().apply(shop),
                    step.factory().apply(shop),
                    step.factory().apply(shop));

            CrowdResult result = CROWD.buy(servers, TICKETS);

            System.out.println("\n  " + result.summary());
            assertThat(result.isClean()).isTrue();
        }
    }

    @Test
    @Order(1)
    @DisplayName("three application servers with a lock that is released safely")
    void compareAndDelete() {
        assertSellsEveryTicketOnce(SetnxLesson.COMPARE_AND_DELETE);
    }

    @Test
    @Order(2)
    @DisplayName("the same with a lease that is renewed")
    void renewedLease() {
        assertSellsEveryTicketOnce(SetnxLesson.RENEWED_LEASE);
    }

    @Test
    @Order(3)
    @DisplayName("the same with a fence")
    void fencedPurchase() {
        assertSellsEveryTicketOnce(SetnxLesson.FENCED_PURCHASE);
    }

    @Test
    @Order(4)
    @DisplayName("the same crowd turns the audit red where the stock is not looked at")
    void theAuditCanFail() {
        try (RedisClient redis = RedisServers.shared().connect()) {
            CrowdResult result = CROWD.buy(new StockIgnored(redis, "concert"), TICKETS);

            assertThat(result.findings()).extracting(Finding::verdict).containsExactly(Verdict.OVERSOLD);
        }
    }
}
