package flashsale.watch;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.LOST_STOCK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.redis.RedisServers;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisDataException;

@DisplayName("Step 5 · NoRollback")
class NoRollbackTest {

    @Test
    @Order(1)
    @DisplayName("a command fails in the transaction, the others stand: the ticket is gone and nobody has it")
    void nothingIsRolledBack() {
        assertThat(explore(WatchLesson.NOTHING_IS_ROLLED_BACK))
                .shows(LOST_STOCK)
                .in(1)
                .of(1);
    }

    @Test
    @Order(2)
    @DisplayName("a command that fails at run time is an error among the replies, and those around it are done")
    void anErrorAmongTheReplies() {
        try (RedisClient redis = RedisServers.shared().connect();
                AbstractTransaction transaction = redis.transaction(false)) {
            redis.del("before", "after", "hash");
            redis.hset("hash", "field", "value");

            transaction.multi();
            transaction.set("before", "done");
            transaction.rpush("hash", "value");
            transaction.set("after", "done");
            List<Object> replies = transaction.exec();

            assertThat(replies).hasSize(3);
            assertThat(replies.get(1))
                    .isInstanceOfSatisfying(
                            JedisDataException.class, error -> assertThat(error).hasMessageStartingWith("WRONGTYPE"));
            assertThat(redis.mget("before", "after")).containsExactly("done", "done");
        }
    }

    @Test
    @Order(3)
    @DisplayName("a command that Redis cannot even queue is another matter: EXEC refuses, and nothing is done")
    void anErrorWhileQueueing() {
        try (RedisClient redis = RedisServers.shared().connect();
                AbstractTransaction transaction = redis.transaction(false)) {
            redis.del("before");

            transaction.multi();
            transaction.set("before", "done");
            transaction.sendCommand(Command.GET, "two", "keys"); // GET takes one

            assertThatThrownBy(transaction::exec)
                    .isInstanceOf(JedisDataException.class)
                    .hasMessageStartingWith("EXECABORT");
            assertThat(redis.exists("before")).isFalse();
        }
    }
}
