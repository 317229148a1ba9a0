package flashsale.crowd;

import flashsale.sale.Answer;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import java.util.concurrent.atomic.AtomicReference;

/** One purchase at one server. It is settled once: an answer that comes after it was given up counts no more. */
final class Call {

    private static final State WAITING = new State(null, 0, 0);
    private static final State NEVER_MADE = new State(null, 0, 0);

    private final Purchase purchase;
    private final FlashSale server;
    private final AtomicReference<State> state = new AtomicReference<>(WAITING);

    private record State(Answer answer, long madeAt, long endedAt) {
        State settled(Answer end) {
            return new State(end, madeAt, System.nanoTime());
        }
    }

    Call(Purchase purchase, FlashSale server) {
        this.purchase = purchase;
        this.server = server;
    }

    /** Buys, on the calling thread. Does nothing if the call was given up before. */
    void make() {
        State made = new State(null, System.nanoTime(), 0);
        if (state.compareAndSet(WAITING, made)) {
            Answer answer = ask();
            state.compareAndSet(made, made.settled(answer));
        }
    }

    private Answer ask() {
        try {
            Outcome outcome = server.buy(purchase);
            return outcome == null ? new Answer.Threw("null in place of an outcome") : new Answer.Told(outcome);
        } catch (Throwable thrown) {
            return new Answer.Threw(thrown.getClass().getSimpleName() + ": " + thrown.getMessage());
        }
    }

    /** Waits no longer. From here on nothing changes. */
    void giveUp() {
        if (!state.compareAndSet(WAITING, NEVER_MADE)) {
            State made = state.get();
            if (wasMade() && made.answer == null) {
                state.compareAndSet(made, made.settled(new Answer.NeverReturned("no answer when time ran out")));
            }
        }
    }

    Purchase purchase() {
        return purchase;
    }

    FlashSale server() {
        return server;
    }

    // ---- after it was given up, or has ended ----

    boolean wasMade() {
        return state.get() != NEVER_MADE;
    }

    Answer answer() {
        return state.get().answer;
    }

    long endedAt() {
        return state.get().endedAt;
    }

    long nanos() {
        return state.get().endedAt - state.get().madeAt;
    }
}
