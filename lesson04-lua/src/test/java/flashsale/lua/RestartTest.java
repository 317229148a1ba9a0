package flashsale.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import flashsale.redis.EmbeddedRedis;
import flashsale.sale.Outcome;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** A real server is killed with {@code kill -9}, and another one starts from what the first has written to its folder. */
@Tag("database")
@DisplayName("Restart · Redis is killed in the middle, and starts again from its append-only file")
class RestartTest {

    private static final String[] FORGETS_NOTHING = {"--appendonly", "yes", "--appendfsync", "always"};

    @TempDir
    Path folder;

    private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
    private OrdersDatabase database;
    private EmbeddedRedis server;

    @BeforeEach
    void open() {
        database = closing(new OrdersDatabase());
    }

    @AfterEach
    void close() throws Exception {
        while (!toClose.isEmpty()) {
            toClose.pop().close();
        }
    }

    private <T extends AutoCloseable> T closing(T resource) {
        toClose.push(resource);
        return resource;
    }

    /** Starts a server on the folder, and a desk with a client of its own. */
    private OrderDesk start(String... options) {
        List<String> all = new ArrayList<>(List.of("--dir", folder.toString()));
        all.addAll(List.of(options));
        server = closing(EmbeddedRedis.start(all.toArray(String[]::new)));
        RedisClient redis = closing(server.connect());
        return new OrderDesk(redis, database, OrderDesk.OF_THE_LESSON);
    }

    private void kill() {
        server.close(); // which is kill -9
    }

    @Test
    @Order(1)
    @DisplayName("after the sale: the orders are in the log as they were, and are written")
    void afterTheSale() {
        start(FORGETS_NOTHING).afterTwoOrdersOfFive();
        kill();

        OrderDesk desk = start(FORGETS_NOTHING).tidyUp();

        assertThat(database.rows()).hasSize(2);
        assertThat(desk.disagreements(5)).isEmpty();
    }

    @Test
    @Order(2)
    @DisplayName("before the buyer has the reply: the same request is told what was decided, and takes nothing more")
    void beforeTheReply() {
        OrderDesk first = start(FORGETS_NOTHING).afterTwoOrdersOfFive();
        kill();
        assertThatThrownBy(() -> first.buy("Alice", 1)).isInstanceOf(JedisConnectionException.class);

        OrderDesk desk = start(FORGETS_NOTHING);

        assertThat(desk.buy("Alice", 1)).isEqualTo(Outcome.SOLD);
        assertThat(desk.tidyUp().disagreements(5)).isEmpty();
        assertThat(database.rows()).hasSize(2);
    }

    @Test
    @Order(3)
    @DisplayName("at each call of a writer to the database, before the commit and after it, refunds among them")
    void whileAWriterIsAtWork() {
        List<String> calls = new ArrayList<>();
        OrderDesk undisturbed = start(FORGETS_NOTHING).afterTwoOrdersOfFive();
        assertThat(catchThrowable(undisturbed.writer("undisturbed", calls::add)::poll))
                .isNull();
        OrderDesk desk = undisturbed;
        for (int moment = 0; moment < calls.size(); moment++) {
            desk.afterTwoOrdersOfFive();
            int[] left = {moment};
            OrderDesk.Poller writer = desk.writer("writer", call -> {
                if (left[0]-- == 0) {
                    kill();
                }
            });
            Throwable thrown = catchThrowable(writer::poll);
            assertThat(thrown).as("at %s", calls.get(moment)).isInstanceOf(JedisConnectionException.class);

            desk = start(FORGETS_NOTHING).tidyUp();

            assertThat(database.rows()).as("at %s", calls.get(moment)).hasSize(2);
            assertThat(desk.disagreements(5)).as("at %s", calls.get(moment)).isEmpty();
        }
    }

    @Test
    @Order(4)
    @DisplayName("without the append-only file the rows are there, and the sale has never been")
    void withoutTheFile() {
        start().afterTwoOrdersOfFive().tidyUp();
        kill();

        OrderDesk desk = start();

        assertThat(desk.buy("Carol", 1)).isEqualTo(Outcome.NO_SUCH_SALE);
        assertThatThrownBy(desk.writer("writer")::poll).hasMessageStartingWith("NOGROUP");
        assertThat(desk.sale().books().remaining()).isEmpty();
        assertThat(desk.sale().books().orders()).isEmpty();
        assertThat(database.rows()).hasSize(2);
    }
}
