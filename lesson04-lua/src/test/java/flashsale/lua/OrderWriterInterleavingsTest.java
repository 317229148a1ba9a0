package flashsale.lua;

import static flashsale.assertions.Workbook.exploreQuietly;

import flashsale.explore.Claim;
import flashsale.explore.Fault;
import flashsale.explore.Scenario;
import flashsale.explore.Step;
import flashsale.lua.OrderWriterWithout.Without;
import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.Verdict;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The explorer drives two writers as it drives buyers: before each of their commands to Redis anything else can happen.
 * They take every message for left behind at once, so they are at the same orders all the time. What a writer does with
 * the database between two commands is one step here, and {@link OrderWriterTest} breaks it.
 *
 * <p>A writer comes as a client who wants 99 units, more than there are, and is told that they are sold out. The newcomer
 * of each schedule's end is a third writer: it does what is left, and a disagreement makes it throw, which is
 * {@code STUCK} to the audit.
 */
@Tag("database")
@DisplayName("OrderWriter · two writers at the same orders, in every interleaving")
class OrderWriterInterleavingsTest {

    private static final Scenario TWO_WRITERS = Scenario.named("two writers")
            .stock(5)
            .client("first writer", new Purchase("a writer", 99, "first"))
            .client("second writer", new Purchase("a writer", 99, "second"))
            .attempts(100)
            .allowing(Verdict.PHANTOM_ORDER); // the audit knows nothing of those who bought before

    private static OrdersDatabase database;

    @BeforeAll
    static void open() {
        database = new OrdersDatabase();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    @Order(1)
    @DisplayName("scratch")
    void scratch() {
        Scenario f = TWO_WRITERS.called("f").oneFault(Fault.CRASH, Fault.LOST_REPLY);
        Scenario c = TWO_WRITERS.called("c").buyer("Carol", 1);
        for (Scenario x : List.of(TWO_WRITERS, f, c)) {
            for (OrderDesk.Writers w : List.of(
                    OrderDesk.OF_THE_LESSON,
                    OrderWriterWithout.writers(Without.REFUND_ONCE),
                    OrderWriterWithout.writers(Without.REQUEST_AS_KEY),
                    OrderWriterWithout.writers(Without.ACKNOWLEDGING_LAST),
                    OrderWriterWithout.writers(Without.TAKING_OVER))) {
                long t = System.nanoTime();
                System.out.println(exploreQuietly(Claim.proved(step(w), x)));
                System.out.println((System.nanoTime() - t) / 1000000);
            }
        }
    }

    private static Step step(OrderDesk.Writers writers) {
        return new Step(
                "src/test", WithWriters.class, shop -> new WithWriters(new OrderDesk(shop.redis(), database, writers)));
    }

    /** A sale in which Alice and Bob have bought before anybody comes, and Bob's account is closed. */
    private static final class WithWriters implements FlashSale {

        private final OrderDesk desk;

        WithWriters(OrderDesk desk) {
            this.desk = desk;
        }

        @Override
        public void open(int stock) {
            desk.afterTwoOrdersOfFive();
        }

        @Override
        public Outcome buy(Purchase purchase) {
            if (purchase.buyer().equals("a newcomer")) {
                List<String> disagreements = desk.tidyUp().disagreements(5);
                if (!disagreements.isEmpty()) {
                    throw new IllegalStateException(disagreements.toString());
                }
                return Outcome.SOLD;
            } else if (purchase.buyer().equals("a writer")) {
                write(purchase.requestId());
                return Outcome.SOLD_OUT;
            }
            return desk.sale().buy(purchase);
        }

        private void write(String name) {
            try {
                desk.writer(name).poll();
            } catch (SQLException down) {
                throw new IllegalStateException(down);
            }
        }

        @Override
        public Books books() {
            return desk.sale().books();
        }
    }
}
