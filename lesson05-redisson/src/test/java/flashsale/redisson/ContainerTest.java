package flashsale.redisson;

import static flashsale.assertions.WorkbookAssertions.assertThat;

import flashsale.explore.Claim;
import flashsale.explore.Explorer;
import flashsale.redis.DockerRedis;
import flashsale.redis.RedisServers;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

@DisplayName("The container · what holds, on a Redis in Docker")
class ContainerTest {

    @Test
    @DisplayName("every proof of this lesson")
    void everyProof() {
        DockerRedis redis = RedisServers.container().orElseThrow(TestAbortedException::new);
        for (Claim claim : RedissonLesson.claims()) {
            if (claim.claimsProof()) {
                assertThat(Explorer.on(redis).explore(claim)).isProved();
            }
        }
    }
}
