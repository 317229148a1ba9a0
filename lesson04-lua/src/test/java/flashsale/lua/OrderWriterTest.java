package flashsale.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import flashsale.lua.HookedDatabase.Died;
import flashsale.lua.HookedDatabase.Hook;
import flashsale.lua.OrderWriterWithout.Without;
import flashsale.lua.OrdersDatabase.Row;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Where a writer may die, and what the next one finds. Nobody waits in here: a writer dies on the test's own thread, at a
 * call to the database, and the next one takes over at once. What happens between two writers that are both alive is
 * {@link OrderWriterInterleavingsTest}.
 */
@Tag("database")
@DisplayName("OrderWriter · each order ends in the database, once")
class OrderWriterTest extends DeskTest {

    private static final Row ALICES = new Row("Alice-1", "Alice", 1, "ACCEPTED");
    private static final Row BOBS = new Row("Bob-1", "Bob", 2, "ACCEPTED");
    private static final Row BOBS_REFUSED = new Row("Bob-1", "Bob", 2, "REFUSED");

    /** Alice has one, Bob has two, and both accounts are open. */
    private void twoOrdersOfFive() {
        desk.afterTwoOrdersOfFive();
        database.execute("DELETE FROM closed_account");
    }

    @Test
    @Order(1)
    @DisplayName("what was sold becomes a row for each order, and nothing is left to do")
    void writesEachOrder() throws SQLException {
        twoOrdersOfFive();

        assertThat(desk.writer("writer").poll()).isEqualTo(2);

        assertThat(database.rows()).containsExactly(ALICES, BOBS);
        assertThat(desk.disagreements(5)).isEmpty();
        assertThat(desk.writer("writer").poll()).isZero();
    }

    @Test
    @Order(2)
    @DisplayName("it dies before the commit: no row, the message is still pending, and another writer writes the order")
    void diesBeforeTheCommit() {
        twoOrdersOfFive();
        assertDies(desk.writer("short-lived", call -> dieIf(call.equals("commit"))));
        assertThat(database.rows()).isEmpty();
        assertThat(desk.deliveriesOfPending()).containsExactly(1L, 1L);

        desk.tidyUp();

        assertThat(database.rows()).containsExactly(ALICES, BOBS);
        assertThat(desk.disagreements(5)).isEmpty();
    }

    @Test
    @Order(3)
    @DisplayName("it dies between commit and XACK: the message comes again, finds its row, and writes no second one")
    void diesBetweenCommitAndAcknowledgement() {
        twoOrdersOfFive();
        assertDies(desk.writer("short-lived", after("commit", 1)));
        assertThat(database.rows()).containsExactly(ALICES);
        assertThat(desk.deliveriesOfPending()).containsExactly(1L, 1L);

        desk.tidyUp();

        assertThat(database.rows()).containsExactly(ALICES, BOBS);
        assertThat(desk.disagreements(5)).isEmpty();
    }

    @Test
    @Order(4)
    @DisplayName(
            "it dies after the XACK: that message never comes again, and the next one is written by another writer")
    void diesAfterTheAcknowledgement() {
        twoOrdersOfFive();
        int[] inserts = {0};
        assertDies(desk.writer("short-lived", call -> dieIf(call.equals("executeUpdate") && ++inserts[0] == 2)));
        assertThat(database.rows()).containsExactly(ALICES);
        assertThat(desk.deliveriesOfPending()).containsExactly(1L);

        desk.tidyUp();

        assertThat(database.rows()).containsExactly(ALICES, BOBS);
        assertThat(desk.disagreements(5)).isEmpty();
    }

    @Test
    @Order(5)
    @DisplayName(
            "it dies before or after any one of its calls to the database, with an accepted order and a refused one")
    void diesAnywhere() {
        assertThat(disagreementsOfDeathsAnywhere(OrderDesk.OF_THE_LESSON)).isEmpty();
    }

    @Test
    @Order(6)
    @DisplayName("a message is taken over only from a writer that has had it for too long")
    void patience() throws SQLException {
        twoOrdersOfFive();
        assertDies(desk.writer("short-lived", call -> dieIf(call.equals("executeUpdate"))));
        OrderWriter patient = new OrderWriter(redis, "concert", database.source(), "patient", Duration.ofDays(1));

        assertThat(patient.poll()).isZero();
        assertThat(database.rows()).isEmpty();

        desk.tidyUp();
        assertThat(desk.disagreements(5)).isEmpty();
    }

    @Test
    @Order(7)
    @DisplayName("an order that the database refuses gives its units back, and somebody else can have them")
    void refused() throws SQLException {
        desk.afterTwoOrdersOfFive();
        assertThat(desk.buy("Carol", 3)).isEqualTo(Outcome.SOLD_OUT);

        desk.writer("writer").poll();

        assertThat(database.rows()).containsExactly(ALICES, BOBS_REFUSED);
        assertThat(desk.sale().books().remaining()).hasValue(4);
        assertThat(desk.sale().books().orders()).isEqualTo(Map.of("Alice", 1));
        assertThat(desk.sale().books().refunded()).isEqualTo(Map.of("Bob", 2));
        assertThat(desk.disagreements(5)).isEmpty();
        assertThat(desk.buy("Dave", 4)).isEqualTo(Outcome.SOLD);
    }

    @Test
    @Order(8)
    @DisplayName("what was decided stays decided, although the account is closed when the message comes again")
    void decidedOnce() {
        twoOrdersOfFive();
        assertDies(desk.writer("short-lived", after("commit", 2)));
        database.closeAccount("Bob");

        desk.tidyUp();

        assertThat(database.rows()).containsExactly(ALICES, BOBS);
        assertThat(desk.disagreements(5)).isEmpty();
    }

    @Test
    @Order(9)
    @DisplayName(
            "a message that the database cannot take is tried five times, and then is a dead letter; the rest is written")
    void poison() throws SQLException {
        String poison = "x".repeat(101);
        twoOrdersOfFive();
        desk.buy(poison, 1);
        desk.buy("Carol", 1);
        OrderDesk.Poller writer = desk.writer("writer");

        writer.poll();
        assertThat(database.rows()).extracting(Row::buyer).containsExactly("Alice", "Bob", "Carol");
        for (long delivered = 1; delivered < OrderWriter.TRIES; delivered++) {
            assertThat(desk.deliveriesOfPending()).containsExactly(delivered);
            assertThat(writer.poll()).isOne();
        }

        assertThat(writer.poll()).isZero();
        assertThat(desk.deadLetters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.getFields())
                        .containsEntry("buyer", poison)
                        .containsEntry("quantity", "1")
                        .containsKeys("request", "order", "error"));
        assertThat(desk.disagreements(5)).containsExactly(poison + " has 1 in Redis and 0 in the database");
    }

    @Test
    @Order(10)
    @DisplayName("a dead letter is put back when what was wrong has been mended, and becomes a row")
    void requeued() throws SQLException {
        String longName = "x".repeat(101);
        twoOrdersOfFive();
        desk.buy(longName, 1);
        desk.tidyUp();
        database.execute("ALTER TABLE purchase_order ALTER COLUMN buyer SET DATA TYPE VARCHAR(200)");
        database.execute("ALTER TABLE purchase_order ALTER COLUMN request_id SET DATA TYPE VARCHAR(200)");
        OrderLog log = new OrderLog(redis, "concert", "operator", Duration.ZERO);
        var letter = desk.deadLetters().get(0).getID();

        assertThat(log.requeue(letter)).isTrue();
        assertThat(log.requeue(letter)).isFalse();
        desk.tidyUp();

        assertThat(database.rows()).extracting(Row::buyer).containsExactly("Alice", "Bob", longName);
        assertThat(desk.deadLetters()).isEmpty();
        assertThat(desk.disagreements(5)).isEmpty();
    }

    @Test
    @Order(11)
    @DisplayName("a message that kills every writer that tries it is a dead letter too, and takes no other one with it")
    void killer() {
        twoOrdersOfFive();
        for (int death = 1; death <= OrderWriter.TRIES; death++) {
            assertDies(desk.writer("short-lived", call -> dieIf(call.equals("executeUpdate"))));
        }
        assertThat(desk.deliveriesOfPending()).containsExactly((long) OrderWriter.TRIES, 1L);

        desk.tidyUp();

        assertThat(database.rows()).containsExactly(BOBS);
        assertThat(desk.deadLetters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.getFields()).containsEntry("buyer", "Alice"));
    }

    @Test
    @Order(12)
    @DisplayName("a dead letter whose order was written all the same is put back, finds its row, and is not refunded")
    void requeuedAlthoughItWasWritten() {
        twoOrdersOfFive();
        for (int death = 1; death <= OrderWriter.TRIES; death++) {
            assertDies(desk.writer("short-lived", after("commit", 1)));
        }
        desk.tidyUp();
        assertThat(desk.deadLetters()).hasSize(1);
        assertThat(database.rows()).containsExactly(ALICES, BOBS);

        OrderLog log = new OrderLog(redis, "concert", "operator", Duration.ZERO);
        assertThat(log.requeue(desk.deadLetters().get(0).getID())).isTrue();
        desk.tidyUp();

        assertThat(database.rows()).containsExactly(ALICES, BOBS);
        assertThat(desk.sale().books().refunded()).isEmpty();
        assertThat(desk.disagreements(5)).isEmpty();
    }

    @Test
    @Order(13)
    @DisplayName("two writers give up on one message, and there is one dead letter")
    void buriedOnce() {
        twoOrdersOfFive();
        OrderLog one = new OrderLog(redis, "concert", "one", Duration.ZERO);
        OrderLog other = new OrderLog(redis, "concert", "other", Duration.ZERO);
        OrderLog.Message message = one.unread().get(0);

        one.bury(message, "it does not fit");
        other.bury(other.leftBehind().get(0), "nor does the next one");
        other.bury(message, "it does not fit");

        assertThat(desk.deadLetters()).hasSize(2);
        assertThat(desk.deliveriesOfPending()).isEmpty();
    }

    @Test
    @Order(14)
    @DisplayName("a message without an order in it is a dead letter, and the rest is written")
    void nonsense() {
        twoOrdersOfFive();
        redis.xadd(OrderDesk.LOG, StreamEntryID.NEW_ENTRY, Map.of("hello", "world"));

        desk.tidyUp();

        assertThat(database.rows()).containsExactly(ALICES, BOBS);
        assertThat(desk.deadLetters()).hasSize(1);
        assertThat(desk.disagreements(5)).isEmpty();
    }

    @Test
    @Order(15)
    @DisplayName("while the database is down no message is taken, so none loses a try")
    void databaseDown() {
        twoOrdersOfFive();
        OrderDesk.Poller writer = desk.writer("writer", call -> fail("getConnection", call));
        for (int i = 0; i <= OrderWriter.TRIES; i++) {
            assertThatThrownBy(writer::poll).isInstanceOf(SQLException.class);
        }
        assertThat(desk.deliveriesOfPending()).isEmpty();

        desk.tidyUp();

        assertThat(database.rows()).containsExactly(ALICES, BOBS);
        assertThat(desk.deadLetters()).isEmpty();
    }

    @Test
    @Order(16)
    @DisplayName(
            "a database that goes down half-way is not the message's fault: the writer stops, and no dead letter is made")
    void databaseGoesDown() {
        twoOrdersOfFive();
        boolean[] down = {false};
        OrderDesk.Poller writer = desk.writer("writer", call -> {
            down[0] |= call.equals("commit");
            if (down[0]) {
                throw new SQLException("the connection is gone");
            }
        });

        assertThatThrownBy(writer::poll).isInstanceOf(SQLException.class);
        assertThat(desk.deliveriesOfPending()).containsExactly(1L, 1L);

        desk.tidyUp();
        assertThat(database.rows()).containsExactly(ALICES, BOBS);
        assertThat(desk.deadLetters()).isEmpty();
        assertThat(desk.disagreements(5)).isEmpty();
    }

    @Test
    @Order(17)
    @DisplayName(
            "a request repeated after Redis has forgotten it sells again; the database remembers, and the units come back")
    void repeatedTooLate() throws SQLException {
        twoOrdersOfFive();
        desk.tidyUp();
        redis.del("sale:{concert}:request:Alice-1"); // its time to live is over
        assertThat(desk.buy("Alice", 1)).isEqualTo(Outcome.SOLD);
        assertThat(desk.disagreements(5)).containsExactly("Alice has 2 in Redis and 1 in the database");

        assertDies(desk.writer("short-lived", after("commit", 1)));
        desk.tidyUp();

        assertThat(database.rows()).containsExactly(ALICES, BOBS);
        assertThat(desk.sale().books().refunded()).isEqualTo(Map.of("Alice", 1));
        assertThat(desk.disagreements(5)).isEmpty();
    }

    @Test
    @Order(18)
    @DisplayName("a refund of a sale whose stock is gone does not put it on sale again")
    void refundWithoutASale() {
        desk.afterTwoOrdersOfFive();
        redis.del("sale:{concert}:stock");

        desk.tidyUp();

        assertThat(desk.sale().books().remaining()).isEmpty();
        assertThat(desk.sale().buy(new Purchase("Carol", 1, "Carol-1"))).isEqualTo(Outcome.NO_SUCH_SALE);
        assertThat(desk.sale().books().refunded()).isEqualTo(Map.of("Bob", 2));
    }

    @Test
    @Order(19)
    @DisplayName("a refund that cannot be done is not done by half, and is done when what was wrong has been mended")
    void aRefundIsWholeOrNone() {
        desk.afterTwoOrdersOfFive();
        OrderDesk.Poller writer = desk.writer("writer");
        for (String broken : List.of("stock", "orders", "refunded")) {
            String key = "sale:{concert}:" + broken;
            byte[] before = redis.dump(key);
            redis.set(key, "no number, and no hash");

            assertThatThrownBy(writer::poll).isInstanceOf(JedisDataException.class);

            assertThat(redis.exists("sale:{concert}:refunds"))
                    .as("with %s broken", broken)
                    .isFalse();
            redis.del(key);
            if (before != null) {
                redis.restore(key, 0, before);
            }
        }

        desk.tidyUp();

        assertThat(desk.sale().books().refunded()).isEqualTo(Map.of("Bob", 2));
        assertThat(desk.disagreements(5)).isEmpty();
    }

    @Test
    @Order(20)
    @DisplayName("a message is acknowledged only when its dead letter is written")
    void noLetterNoAcknowledgement() {
        twoOrdersOfFive();
        OrderLog log = new OrderLog(redis, "concert", "one", Duration.ZERO);
        OrderLog.Message message = log.unread().get(0);
        redis.set(OrderDesk.DEAD_LETTERS, "no stream");

        assertThatThrownBy(() -> log.bury(message, "it does not fit")).isInstanceOf(JedisDataException.class);

        assertThat(desk.deliveriesOfPending()).containsExactly(1L, 1L);
    }

    @Test
    @Order(21)
    @DisplayName("copies with a protection removed fail where a writer may die anywhere")
    void theProtectionsAreNeeded() {
        assertThat(disagreementsOfDeathsAnywhere(OrderWriterWithout.writers(Without.ACKNOWLEDGING_LAST)))
                .contains("Alice has 1 in Redis and 0 in the database");
        assertThat(disagreementsOfDeathsAnywhere(OrderWriterWithout.writers(Without.REQUEST_AS_KEY)))
                .contains("Alice has 1 in Redis and 2 in the database");
        assertThat(disagreementsOfDeathsAnywhere(OrderWriterWithout.writers(Without.TAKING_OVER)))
                .contains("2 pending");
    }

    /** For each moment in the life of an undisturbed writer a sale of its own, in which the writer dies just then. */
    private List<String> disagreementsOfDeathsAnywhere(OrderDesk.Writers writers) {
        OrderDesk anywhere = new OrderDesk(redis, database, writers);
        List<String> calls = new ArrayList<>();
        anywhere.afterTwoOrdersOfFive();
        assertThat(catchThrowable(anywhere.writer("undisturbed", calls::add)::poll))
                .isNull();
        assertThat(calls).contains("getConnection", "executeUpdate", "executeQuery", "commit");
        List<String> found = new ArrayList<>();
        for (int moment = 0; moment < 2 * calls.size(); moment++) {
            anywhere.afterTwoOrdersOfFive();
            assertDies(anywhere.writer("short-lived", HookedDatabase.dyingAt(moment)));
            anywhere.tidyUp();
            found.addAll(anywhere.disagreements(5));
        }
        return found;
    }

    private static void assertDies(OrderDesk.Poller writer) {
        assertThatThrownBy(writer::poll).isInstanceOf(Died.class);
    }

    private static void dieIf(boolean here) {
        if (here) {
            throw new Died();
        }
    }

    private static void fail(String at, String call) throws SQLException {
        if (call.equals(at)) {
            throw new SQLException("the database is down");
        }
    }

    /** Dies after the call of this name, counted from 1. */
    private static Hook after(String name, int number) {
        int[] calls = {0};
        return new Hook() {
            @Override
            public void before(String call) {}

            @Override
            public void after(String call) {
                dieIf(call.equals(name) && ++calls[0] == number);
            }
        };
    }
}
