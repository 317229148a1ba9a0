package flashsale.redisson;

import static org.assertj.core.api.Assertions.assertThat;

import flashsale.crowd.Crowd;
import flashsale.crowd.CrowdResult;
import flashsale.redis.RedisServer;
import flashsale.redis.RedissonConnection;
import flashsale.sale.FlashSale;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.redisson.api.RedissonClient;

/**
 * Real threads, real timers and no schedule: what the explorer proved must hold here too. Slowness does no harm. A watchdog
 * renews for as long as its process runs; with a fence, who waits for more than half a minute gives up, which counts as
 * wrong only if tickets remain, and ten times as many are wanted as there are.
 */
@DisplayName("The crowd · 500 buyers on real threads, 100 tickets")
class CrowdTest {

    private static final int TICKETS = 100;

    /** A third of the buyers wants one ticket each, a third two, a third three: ten times as many as there are. */
    private static final Crowd CROWD = Crowd.buyers(500).wanting(i -> 1 + i % 3);

    private static void assertSellsEveryTicketOnce(Function<RedissonClient, FlashSale> step) {
        RedisServer server = EmptyRedis.shared();
        try (RedissonConnection first = RedissonConnection.to(server);
                RedissonConnection second = RedissonConnection.to(server);
                RedissonConnection third = RedissonConnection.to(server)) {
            List<FlashSale> servers =
                    List.of(step.apply(first.client()), step.apply(second.client()), step.apply(third.client()));

            CrowdResult result = CROWD.buy(servers, TICKETS);

            System.out.println("\n  " + result.summary());
            assertThat(result.isClean()).isTrue();
        }
    }

    @Test
    @Order(1)
    @DisplayName("three application servers with a lock that the watchdog renews")
    void watchdogLock() {
        assertSellsEveryTicketOnce(redisson -> new WatchdogLock(redisson, "concert"));
    }

    @Test
    @Order(2)
    @DisplayName("the same with a fence")
    void fencedLock() {
        assertSellsEveryTicketOnce(redisson -> new FencedLock(redisson, "concert"));
    }
}
