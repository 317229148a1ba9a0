package flashsale.redisson;

import static org.assertj.core.api.Assertions.assertThat;

import flashsale.crowd.Crowd;
import flashsale.crowd.CrowdResult;
import flashsale.explore.Step;
import flashsale.redis.RedisServer;
import flashsale.redis.RedissonConnection;
import flashsale.sale.Finding;
import flashsale.sale.FlashSale;
import flashsale.sale.SaleContext;
import flashsale.sale.Verdict;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.redisson.api.RedissonClient;

/**
 * Real threads, real timers and no schedule: what the explorer proved must hold here too; what it exposed is left to it,
 * and not to luck. Slowness does no harm. A watchdog renews for as long as its process runs; with a fence, who waits for
 * more than half a minute gives up, which counts as wrong only if tickets remain, and ten times as many are wanted as
 * there are.
 */
@DisplayName("The crowd · 500 buyers on real threads, 100 tickets")
class CrowdTest {

    private static final int TICKETS = 100;

    /** A third of the buyers wants one ticket each, a third two, a third three: ten times as many as there are. */
    private static final Crowd CROWD = Crowd.buyers(500).wanting(i -> 1 + i % 3);

    static final List<Step> SELL_EVERY_TICKET_ONCE = List.of(
            RedissonLesson.WATCHDOG_LOCK,
            RedissonLesson.FENCED_LOCK,
            RedissonLesson.SEMAPHORE_STOCK,
            RedissonLesson.EXPIRABLE_PERMIT_STOCK,
            RedissonLesson.SCRIPTED_PURCHASE);

    private static CrowdResult send(Step step) {
        RedisServer server = EmptyRedis.shared();
        try (RedissonConnection first = RedissonConnection.to(server);
                RedissonConnection second = RedissonConnection.to(server);
                RedissonConnection third = RedissonConnection.to(server)) {
            List<FlashSale> servers = Stream.of(first, second, third)
                    .map(redisson -> SaleContext.of(null, "concert").with(RedissonClient.class, redisson::client))
                    .map(shop -> step.factory().apply(shop))
                    .toList();
            CrowdResult result = CROWD.buy(servers, TICKETS);
            System.out.println("\n  " + result.summary());
            return result;
        }
    }

    @ParameterizedTest
    @FieldSource("SELL_EVERY_TICKET_ONCE")
    @Order(1)
    @DisplayName("at three application servers, each with a client of its own, every ticket is sold once")
    void sellsEveryTicketOnce(Step step) {
        assertThat(send(step).isClean()).isTrue();
    }

    @Test
    @Order(2)
    @DisplayName("behind an entrance for two a second nobody is sold what is not there, however many are sent away")
    void entrance() {
        // Only whether tickets remain, which nobody lied about, depends on how fast this machine is.
        assertThat(send(RedissonLesson.LIMITED_ENTRANCE).findings())
                .extracting(Finding::verdict)
                .isSubsetOf(Verdict.GAVE_UP, Verdict.STUCK);
    }
}
