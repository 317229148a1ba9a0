package flashsale.lua;

import static flashsale.assertions.Workbook.exploreQuietly;
import static flashsale.assertions.WorkbookAssertions.assertProofFailsFor;
import static flashsale.assertions.WorkbookAssertions.assertThat;

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

    private static final Scenario ONE_WRITER = Scenario.named("a writer")
            .stock(5)
            .client("first writer", new Purchase("a writer", 99, "first"))
            .attempts(100)
            .allowing(Verdict.PHANTOM_ORDER); // the audit knows nothing of those who bought before

    private static final Scenario TWO_WRITERS =
            ONE_WRITER.called("two writers").client("second writer", new Purchase("a writer", 99, "second"));

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
    @DisplayName("they take over each other's messages at any moment, and every order is written or refunded once")
    void takingOverFromTheLiving() {
        assertThat(exploreQuietly(proof(TWO_WRITERS))).isProved().byRunning(60);
    }

    @Test
    @Order(2)
    @DisplayName("one of them dies before any of its commands, or loses any reply, while the other is at work")
    void oneFault() {
        assertThat(exploreQuietly(Claim.proved(
                        step(OrderDesk.OF_THE_LESSON), TWO_WRITERS.oneFault(Fault.CRASH, Fault.LOST_REPLY))))
                .isProved()
                .byRunning(554);
    }

    @Test
    @Order(3)
    @DisplayName("somebody buys meanwhile, at any moment, and the one writer dies or loses a reply")
    void aBuyerMeanwhile() {
        assertThat(exploreQuietly(Claim.proved(
                        step(OrderDesk.OF_THE_LESSON),
                        ONE_WRITER.buyer("Carol", 1).oneFault(Fault.CRASH, Fault.LOST_REPLY))))
                .isProved()
                .byRunning(93);
    }

    @Test
    @Order(4)
    @DisplayName("without the memory of what was given back, two writers put the same units on sale twice")
    void refundsMustBeRemembered() {
        assertProofFailsFor(without(Without.REFUND_ONCE), proof(TWO_WRITERS), Verdict.PHANTOM_STOCK);
    }

    @Test
    @Order(5)
    @DisplayName("without the request as the key of its row, two writers write one order twice")
    void theRequestMustBeTheKey() {
        assertProofFailsFor(without(Without.REQUEST_AS_KEY), proof(TWO_WRITERS), Verdict.STUCK);
    }

    @Test
    @Order(6)
    @DisplayName("without taking over, a crash leaves an order unwritten for ever")
    void deadWritersMustBeSucceeded() {
        assertProofFailsFor(without(Without.TAKING_OVER), proof(ONE_WRITER.oneFault(Fault.CRASH)), Verdict.STUCK);
    }

    private static Step without(Without missing) {
        return step(OrderWriterWithout.writers(missing));
    }

    private static Claim proof(Scenario scenario) {
        return Claim.proved(step(OrderDesk.OF_THE_LESSON), scenario);
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
            desk.afterTwoOrdersOfFive().forgetRequests();
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
