package flashsale.lua;

import static org.assertj.core.api.Assertions.assertThat;

import flashsale.crowd.Crowd;
import flashsale.crowd.CrowdResult;
import flashsale.sale.Purchase;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Real threads and no schedule: buyers and writers at once. */
@Tag("database")
@DisplayName("The crowd · 2,000 buyers on real threads, 1,000 tickets, two writers")
class QueuedCrowdTest extends DeskTest {

    private static final int TICKETS = 1000;

    /** They want one, two or three tickets, and each sends its request twice. */
    private static final Crowd CROWD = Crowd.of(IntStream.range(0, 4000)
            .mapToObj(i -> new Purchase("buyer-" + i / 2, 1 + i / 2 % 3, "buyer-" + i / 2 + "-1"))
            .toList());

    @Test
    @Order(1)
    @DisplayName("books in Redis and rows in the database agree, although every tenth order is refused")
    void agree() throws Exception {
        for (int buyer = 0; buyer < 2000; buyer += 10) {
            database.closeAccount("buyer-" + buyer);
        }
        desk.sale().open(0); // the writers find a log
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        CrowdResult result;
        try {
            List<Future<?>> writers = List.of(
                    threads.submit(() -> write("writer-1", over)), threads.submit(() -> write("writer-2", over)));
            result = CROWD.buy(
                    List.of(
                            desk.sale(),
                            new QueuedPurchase(redis, "concert", OptionalInt.empty()),
                            new QueuedPurchase(redis, "concert", OptionalInt.empty())),
                    TICKETS);
            over.set(true);
            for (Future<?> writer : writers) {
                writer.get(60, TimeUnit.SECONDS);
            }
        } finally {
            over.set(true);
            threads.shutdownNow();
            assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
        desk.tidyUp();

        System.out.println("\n  " + result.summary());
        assertThat(result.isClean()).as(result.summary()).isTrue();
        assertThat(desk.disagreements(TICKETS)).isEmpty();
        assertThat(desk.deadLetters()).isEmpty();
        assertThat(database.rows())
                .filteredOn(row -> row.status().equals("REFUSED"))
                .extracting(OrdersDatabase.Row::buyer)
                .containsExactlyInAnyOrderElementsOf(
                        desk.sale().books().refunded().keySet())
                .allMatch(buyer -> buyer.endsWith("0"));
    }

    /** Until the crowd has gone and nothing is left to do. */
    private Void write(String name, AtomicBoolean over) throws SQLException {
        OrderDesk.Poller writer = desk.writer(name);
        boolean last;
        do {
            last = over.get();
        } while (writer.poll() > 0 || !last);
        return null;
    }
}
