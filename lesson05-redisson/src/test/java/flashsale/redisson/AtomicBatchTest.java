package flashsale.redisson;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertProofFailsFor;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.LOST_STOCK;
import static org.assertj.core.api.Assertions.assertThat;

import flashsale.redis.RedissonConnection;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.redisson.api.BatchOptions;
import org.redisson.api.BatchOptions.ExecutionMode;
import org.redisson.api.RBatch;
import org.redisson.api.RFuture;

@DisplayName("Step 9 · AtomicBatch")
class AtomicBatchTest {

    @Test
    @Order(1)
    @DisplayName("the stock is read before the batch, and two batches follow on one ticket: it oversells")
    void oversells() {
        // Six orders of two reads and two batches; it goes well only where one purchase is over before the other
        // begins.
        assertThat(explore(RedissonLesson.BATCH_OVERSELLS)).oversells().in(4).of(6);
    }

    @Test
    @Order(2)
    @DisplayName("a crash at any point: stock and order are both written, or neither is")
    void losesNothing() {
        assertThat(explore(RedissonLesson.BATCH_LOSES_NOTHING)).isProved().byRunning(14);
    }

    @Test
    @Order(3)
    @DisplayName("inside a batch nothing has a reply yet: what is read there comes after all is done")
    void noReplyInside() {
        try (RedissonConnection redisson = RedissonConnection.to(EmptyRedis.shared())) {
            redisson.client().getAtomicLong("sale:{concert}:stock").set(1);
            RBatch batch = redisson.client()
                    .createBatch(BatchOptions.defaults().executionMode(ExecutionMode.IN_MEMORY_ATOMIC));
            RFuture<Long> stock = batch.getAtomicLong("sale:{concert}:stock").getAsync();

            assertThat(stock.toCompletableFuture()).isNotDone();
            batch.execute();
            assertThat(stock.toCompletableFuture()).isCompletedWithValue(1L);
        }
    }

    @Test
    @Order(4)
    @DisplayName("as a batch that is not atomic, which is the default, a crash between its commands loses stock")
    void atomicModeIsNeeded() {
        assertThat(BatchOptions.defaults().getExecutionMode()).isEqualTo(ExecutionMode.IN_MEMORY);
        assertProofFailsFor(Copies.BATCH_NOT_ATOMIC, RedissonLesson.BATCH_LOSES_NOTHING, LOST_STOCK);
    }
}
