package flashsale.naive;

import static org.assertj.core.api.Assertions.assertThat;

import flashsale.crowd.Crowd;
import flashsale.crowd.CrowdResult;
import flashsale.redis.RedisServers;
import flashsale.sale.Finding;
import flashsale.sale.Verdict;
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
    @DisplayName("one application server with a JVM lock sells every ticket once")
    void oneServer() {
        try (RedisClient redis = RedisServers.shared().connect()) {
            CrowdResult result = CROWD.buy(new SynchronizedInOneJvm(redis, "concert"), TICKETS);

            System.out.println("\n  " + result.summary());
            assertThat(result.isClean()).as(result.summary()).isTrue();
            assertThat(result.sale().books().sold()).isEqualTo(TICKETS);
        }
    }

    @Test
    @Order(2)
    @DisplayName("decrementing first never oversells and loses nothing while nobody crashes; it may turn somebody away")
    void compensation() {
        try (RedisClient redis = RedisServers.shared().connect()) {
            CrowdResult result = CROWD.buy(new DecrementThenCompensate(redis, "concert"), TICKETS);

            System.out.println("\n  " + result.summary());
            assertThat(result.findings())
                    .allSatisfy(finding -> assertThat(finding.verdict()).isEqualTo(Verdict.TURNED_AWAY));
        }
    }

    @Test
    @Order(3)
    @DisplayName("the same crowd turns the audit red where nobody looks at the stock")
    void theAuditCanFail() {
        try (RedisClient redis = RedisServers.shared().connect()) {
            CrowdResult result = CROWD.buy(new ResultIgnored(redis, "concert"), TICKETS);

            assertThat(result.findings()).extracting(Finding::verdict).containsExactly(Verdict.OVERSOLD);
        }
    }
}
