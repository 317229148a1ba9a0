package flashsale.explore;

import flashsale.sale.Answer;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleRecord.Wish;
import flashsale.sale.Sleeper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The thread of one buyer. It is kept from schedule to schedule, and stands still unless it has the turn. */
final class Actor extends Thread {

    /** What a buyer is doing. */
    enum State {
        /** Waiting for the choice that starts its next purchase. */
        UNBEGUN,
        /** About to send a command. */
        READY,
        /** Running between two commands. */
        RUNNING,
        /** Asleep until a key that it polled is written, or time passes. */
        PARKED,
        /** Waiting for a JVM lock that another buyer holds, or for another to notify it. */
        BLOCKED,
        /** Finished with all its purchases, or stopped for good. */
        DONE
    }

    private static final long DISMISSAL_MILLIS = 2_000;

    /** Who polls this many times the cap on attempts, while nothing can change any more, is taken to go on for ever. */
    private static final int POLLS_IN_VAIN = 5;

    private static final long HANDING_OVER_NANOS = 5_000_000_000L;
    private static final ThreadLocal<Actor> ACTING_FOR = new ThreadLocal<>();

    private final Turn turn;
    private volatile Thread acting = this;
    private final int number;
    private volatile boolean dismissed;

    private Run run;
    private FlashSale sale;
    private List<Purchase> purchases = List.of();
    private volatile State state = State.DONE;
    private volatile String stoppedBecause;
    private Choice granted;
    private boolean begun;
    private Throwable lostReply;
    private boolean lostReplyWasLast;
    private final List<Wish> wishes = new ArrayList<>();
    private final Actor beside;
    private final Deque<Runnable> tasks = new ArrayDeque<>();

    private final Map<String, Integer> attempts = new HashMap<>();
    private final Polling polling = new Polling(key -> run.version(key));
    private Waiting waiting;
    private int wokenAtWrite = -1;

    /** A buyer, with a second thread in the same process for what is repeated beside the purchase. */
    Actor(Turn turn, int number, String name) {
        this(turn, number, name, new Actor(turn, number, "beside " + name, null));
    }

    private Actor(Turn turn, int number, String name, Actor beside) {
        super(name);
        this.turn = turn;
        this.number = number;
        this.beside = beside;
        setDaemon(true);
    }

    /** The buyer whose thread is calling, or in whose place it acts; null if the caller is no buyer. */
    static Actor current() {
        return Thread.currentThread() instanceof Actor actor ? actor : ACTING_FOR.get();
    }

    /**
     * The calling thread, which a step has started or borrowed, sends a command while this buyer's own thread waits for
     * it: the command is this buyer's.
     *
     * @throws ExplorerException if this buyer's thread goes on meanwhile: then the buyer would send two commands at once
     */
    void actHere() {
        checkNotStopped(); // it may be unwinding: no command of its finally blocks reaches Redis
        long end = System.nanoTime() + HANDING_OVER_NANOS;
        while (getState() != Thread.State.WAITING && getState() != Thread.State.TIMED_WAITING) {
            if (System.nanoTime() > end) {
                break;
            }
            Thread.onSpinWait();
        }
        if (turn.holder() != this || state != State.RUNNING) {
            throw new ExplorerException("two threads of " + getName()
                    + "'s purchase send commands at once; the explorer cannot order what a buyer does with itself");
        }
        ACTING_FOR.set(this);
    }

    /** The thread that waits for this buyer's turn. */
    Thread acting() {
        return acting;
    }

    // ---- called by the explorer's thread between schedules ----

    void prepare(Run nextRun, FlashSale nextSale, List<Purchase> wanted) {
        run = nextRun;
        sale = nextSale;
        purchases = wanted;
        state = isBeside() ? State.DONE : nextRun.beginIsAChoice(number) ? State.UNBEGUN : State.READY;
        tasks.clear();
        if (!isBeside()) {
            beside.prepare(nextRun, nextSale, List.of());
        }
        stoppedBecause = null;
        granted = null;
        begun = false;
        lostReply = null;
        wishes.clear();
        wokenAtWrite = -1;
        polling.startAnew();
    }

    List<Wish> wishes() {
        return List.copyOf(wishes);
    }

    /** Ends the thread. One that hangs in the step's own code is interrupted and left behind; it is a daemon. */
    void dismiss() {
        if (!isBeside()) {
            beside.dismiss();
        }
        dismissed = true;
        turn.passTo(this);
        if (state == State.BLOCKED) {
            interrupt();
        }
        try {
            join(DISMISSAL_MILLIS);
        } catch (InterruptedException e) {
            currentThread().interrupt();
        }
        if (isAlive()) {
            interrupt();
        }
    }

    // ---- called by whoever has the turn ----

    int number() {
        return number;
    }

    /** The other thread of this buyer's process. */
    Actor beside() {
        return beside;
    }

    /** Whether this is no buyer, but the other thread of one's process. */
    boolean isBeside() {
        return beside == null;
    }

    int process() {
        return run.process(number);
    }

    State state() {
        return state;
    }

    void state(State next) {
        state = next;
    }

    boolean alive() {
        return state != State.DONE && stoppedBecause == null;
    }

    /** From now on no command of this buyer reaches Redis; the thread is unwound when it next runs. */
    void stop(String why) {
        if (stoppedBecause == null) {
            stoppedBecause = why;
        }
    }

    /** Whether this buyer sleeps until something changes. */
    boolean isWaiting() {
        return alive() && state == State.PARKED;
    }

    /** Whether this thread waits for its turn, and for nothing else. */
    boolean standsStill() {
        return state == State.READY || state == State.UNBEGUN || state == State.PARKED;
    }

    boolean isStopped() {
        return stoppedBecause != null;
    }

    void grant(Choice choice) {
        granted = choice;
        begun = true;
    }

    /** Whether some choice of this schedule was this buyer's. */
    boolean hasBegun() {
        return begun || !alive();
    }

    Choice granted() {
        return granted;
    }

    /** The choice that let this buyer run has done its work. */
    void used() {
        granted = null;
    }

    /** What a parked buyer waits for. */
    Waiting waiting() {
        return waiting;
    }

    /** A key was written: a buyer who polled it looks again. */
    void written(Set<String> keys, boolean perhapsAnyKey) {
        if (state == State.PARKED && waiting.isOverWhenWritten(keys, perhapsAnyKey)) {
            wake();
        }
    }

    /** What this buyer may be waiting for has arrived. */
    void message() {
        if (isWaiting() && waiting.forMessage()) {
            wake();
        }
    }

    void wake() {
        state = State.READY;
        polling.startAnew();
    }

    /** Remembers that time alone woke this buyer, and nothing had been written. */
    void wokenByTime(int writes) {
        wokenAtWrite = writes;
    }

    String waitingFor() {
        return state == State.PARKED ? waiting.describe(run.names()) : "a JVM lock, or to be notified";
    }

    // ---- called on this thread, by the client and the sleeper that the step uses ----

    /**
     * Stops before a command until the explorer lets it happen.
     *
     * @param attemptKey what makes two commands the same attempt
     */
    void beforeCommand(String attemptKey) {
        checkNotStopped();
        int sameCommand = attempts.merge(attemptKey, 1, Integer::sum);
        boolean nothingEverChanges = wokenAtWrite == run.writes();
        if (sameCommand > run.mostAttempts() * (nothingEverChanges ? POLLS_IN_VAIN : 1)) {
            run.capReached(this, nothingEverChanges);
            checkNotStopped();
        }
        if (granted instanceof Choice.Begin) {
            run.took(this, Effect.local(process()));
        }
        if (granted == null) {
            waitAs(State.READY);
        }
        lostReplyWasLast = false;
    }

    void afterCommand(Set<String> reads, Set<String> writes, boolean unknown) {
        polling.touched(reads, !writes.isEmpty() || unknown);
    }

    /** The reply to the last command does not arrive; this is what the step gets instead. */
    void lost(RuntimeException error) {
        lostReply = error;
        lostReplyWasLast = true;
    }

    /** From now on the task can run, on the other thread of this process. */
    void start(Runnable task) {
        checkNotStopped();
        beside.tasks.add(task);
        if (beside.state == State.DONE) {
            beside.state = State.READY;
        }
        if (beside.getState() == Thread.State.NEW) {
            beside.start();
        }
        if (granted != null) {
            // Started before the purchase's first command: then it can run before that command, too.
            if (granted instanceof Choice.Next) {
                run.trace().struck(granted);
            }
            run.took(this, Effect.local(process()));
            waitAs(State.READY);
            state = State.RUNNING;
        }
    }

    /** Sleeps in virtual time. Only a buyer whose polling found nothing new has a reason to stay asleep. */
    void sleep(Duration pause, Instant deadline) {
        checkNotStopped();
        if (isBeside()) {
            throw new ExplorerException("what is repeated beside a purchase must not sleep");
        }
        if (!polling.isInVain() || !deadline.isAfter(run.time().instant())) {
            polling.startAnew();
            return;
        }
        boolean hasDeadline = !deadline.equals(Sleeper.NO_DEADLINE);
        Instant until = hasDeadline ? deadline : run.time().instant().plus(pause);
        park(Waiting.forWriteOf(polling.keys(), until, hasDeadline));
    }

    /**
     * Sleeps in virtual time until {@link #message()}, which may be for nothing.
     *
     * @param atMost how long; empty for ever
     */
    void awaitMessage(Optional<Duration> atMost) {
        checkNotStopped();
        if (isBeside()) {
            throw new ExplorerException("what is repeated beside a purchase must not wait");
        }
        polling.startAnew();
        park(Waiting.forMessage(
                atMost.map(time -> run.time().instant().plus(time)).orElse(Instant.MAX)));
    }

    private void park(Waiting next) {
        waiting = next;
        endChoice();
        waitAs(State.PARKED);
    }

    /** What this buyer does cannot be explored: the exploration ends here. */
    Stopped cannotBeExplored(String why) {
        run.fail(new ExplorerException(getName() + ": " + why));
        stop("the exploration was stopped");
        return new Stopped();
    }

    void checkNotStopped() {
        if (stoppedBecause != null) {
            throw new Stopped();
        }
    }

    /** Whatever choice let this buyer run is over; it sent nothing. */
    private void endChoice() {
        if (granted != null) {
            run.took(this, Effect.local(process()));
        }
    }

    private void waitAs(State waiting) {
        acting = Thread.currentThread();
        state = waiting;
        if (turn.holder() == this) {
            run.decide();
        }
        turn.await();
        checkNotStopped();
        state = State.RUNNING;
    }

    @Override
    public void run() {
        while (true) {
            acting = this;
            turn.await();
            if (dismissed) {
                return;
            }
            state = State.RUNNING;
            try {
                makePurchases();
                runTasks();
            } catch (Stopped stopped) {
                // The wish that was under way has its answer; the thread is kept for the next schedule.
            }
            endChoice();
            interrupted(); // who waited for a notification when the schedule was over was taken out of it
            state = State.DONE;
            if (dismissed) {
                return;
            }
            if (turn.holder() == this) {
                run.decide();
            }
        }
    }

    private void makePurchases() {
        for (Purchase purchase : purchases) {
            attempts.clear();
            if (!wishes.isEmpty() && run.beginIsAChoice(number)) {
                endChoice();
                waitAs(State.UNBEGUN);
            }
            wishes.add(new Wish(purchase, buy(purchase)));
            if (stoppedBecause != null) {
                return;
            }
        }
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            checkNotStopped();
            attempts.clear();
            try {
                task.run();
            } catch (RuntimeException thrown) {
                run.fail(thrown);
            }
        }
    }

    private Answer buy(Purchase purchase) {
        try {
            checkNotStopped();
            Outcome outcome = sale.buy(purchase);
            if (stoppedBecause == null) {
                return outcome == null ? new Answer.Threw("null in place of an outcome") : new Answer.Told(outcome);
            }
        } catch (Stopped stopped) {
            // Told below.
        } catch (Throwable thrown) {
            if (stoppedBecause == null) {
                return comesFromLostReply(thrown)
                        ? new Answer.Unknown("the reply was lost")
                        : new Answer.Threw(describe(thrown));
            }
        }
        return run.neverReturns(this) ? new Answer.NeverReturned(stoppedBecause) : new Answer.Unknown(stoppedBecause);
    }

    /**
     * The step may have tidied up meanwhile, and wrapped what it caught; and who buys with others in one process may have
     * sent with them, and hear of it from whoever sent.
     */
    private boolean comesFromLostReply(Throwable thrown) {
        Set<Throwable> lost = run.lostReplies(process());
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (lost.contains(cause) || !Collections.disjoint(lost, List.of(cause.getSuppressed()))) {
                return true;
            }
        }
        return lostReply != null && lostReplyWasLast;
    }

    /** What this buyer got instead of a reply, if one was lost. */
    Optional<Throwable> lostReply() {
        return Optional.ofNullable(lostReply);
    }

    /** What was thrown, alike in every run: a client's random name is left out, and a thread stands as its buyer. */
    private String describe(Throwable thrown) {
        String message = RandomNames.blank(String.valueOf(thrown.getMessage()))
                .replace("thread-id: " + getId(), "thread-id: " + getName())
                .replaceAll("thread-id: \\d+", "thread-id: another");
        return thrown.getClass().getSimpleName() + ": " + message;
    }
}
