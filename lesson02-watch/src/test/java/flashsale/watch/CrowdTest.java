package flashsale.watch;

import static org.assertj.core.api.Assertions.assertThat;

import flashsale.crowd.Crowd;
import flashsale.crowd.CrowdResult;
import flashsale.redis.RedisServers;
import flashsale.sale.Finding;
import flashsale.sale.Purchase;
import flashsale.sale.Sleeper;
import flashsale.sale.Verdict;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
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

    @Test
    @Order(1)
    @DisplayName("watch, then read sells every ticket once")
    void watchThenRead() {
        try (RedisClient redis = RedisServers.shared().connect()) {
            CrowdResult result = CROWD.buy(new WatchThenRead(redis, "concert", OptionalInt.empty()), TICKETS);

            System.out.println("\n  " + result.summary());
            assertThat(result.isClean()).isTrue();
        }
    }

    @Test
    @Order(2)
    @DisplayName("with a limit of two, nobody gets a third ticket, and nobody is refused below it")
    void withALimit() {
        List<Purchase> thriceEach = IntStream.range(0, 500)
                .mapToObj(i -> new Purchase("buyer-" + i % 167, 1, "request-" + i))
                .toList();
        try (RedisClient redis = RedisServers.shared().connect()) {
            CrowdResult result =
                    Crowd.of(thriceEach).limit(2).buy(new WatchThenRead(redis, "concert", OptionalInt.of(2)), TICKETS);

            System.out.println("\n  " + result.summary());
            assertThat(result.isClean()).isTrue();
        }
    }

    @Test
    @Order(3)
    @DisplayName("bounded attempts never oversell; at worst somebody gives up")
    void boundedRetry() {
        try (RedisClient redis = RedisServers.shared().connect()) {
            CrowdResult result = CROWD.buy(new BoundedRetry(redis, "concert", 8, Sleeper.real()), TICKETS);

            System.out.println("\n  " + result.summary());
            assertThat(result.timedOut()).isFalse();
            assertThat(result.findings())
                    .allSatisfy(finding -> assertThat(finding.verdict()).isEqualTo(Verdict.GAVE_UP));
        }
    }

    @Test
    @Order(4)
    @DisplayName("the same crowd turns the audit red where a failed command is taken for a rollback")
    void theAuditCanFail() {
        try (RedisClient redis = RedisServers.shared().connect()) {
            CrowdResult result = CROWD.buy(new NoRollback(redis, "concert"), TICKETS);

            assertThat(result.findings()).extracting(Finding::verdict).contains(Verdict.LOST_STOCK);
        }
    }
}
