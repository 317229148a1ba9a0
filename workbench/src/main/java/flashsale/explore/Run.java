package flashsale.explore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One schedule under way. Exactly one thread has the {@link Turn}; when it comes to a point where something else could
 * happen, it asks the scheduler on the spot and passes the turn to whoever goes on, which is often itself.
 */
final class Run {

    /** How a run came to its end. */
    enum End {
        /** Everybody has finished, or nobody can ever go on. */
        OVER,
        /** Another schedule stands for this one. */
        CUT
    }

    private static final long PATIENCE_NANOS = 10_000_000_000L;
    private static final long LOCK_WATCH_NANOS = 50_000;
    private static final int MOST_INTERRUPTS = 3;

    private final Scenario scenario;
    private final Scheduler scheduler;
    private final List<Actor> actors;
    private final List<Actor> everybody;
    private final Turn turn;
    private final Thread explorer;
    private final Keyspace keyspace;
    private final VirtualTime time;
    private final TraceWriter trace;
    private final KeyNames names;
    private final JvmLocks locks;
    private final Leases leases;
    private final WhatCanHappen possible;

    private final Map<String, Integer> versions = new HashMap<>();
    private final List<Choice> choices = new ArrayList<>();
    private final Set<String> evicted = new TreeSet<>();
    private final Set<Actor> stuck = new HashSet<>();
    private final Set<Integer> crashed = new HashSet<>();
    private final Cost cost = new Cost();
    private Actor ran;
    private Effect ranWith;
    private int faultsUsed;
    private int writes;
    private int roundTrips;
    private int aborted;
    private boolean capped;
    private boolean pollersTakeTurns;
    private volatile long progress;
    private volatile End end;
    private volatile Throwable failure;

    Run(
            Scenario scenario,
            Scheduler scheduler,
            List<Actor> actors,
            Turn turn,
            Keyspace keyspace,
            KeyNames names,
            TraceWriter trace,
            Supplier<Set<String>> renewed) {
        this.scenario = scenario;
        this.scheduler = scheduler;
        this.actors = actors;
        this.everybody = actors.stream()
                .flatMap(actor -> Stream.of(actor, actor.beside()))
                .toList();
        this.turn = turn;
        this.explorer = Thread.currentThread();
        this.keyspace = keyspace;
        this.time = new VirtualTime(keyspace, renewed);
        this.trace = trace;
        this.names = names;
        this.locks = new JvmLocks(everybody);
        this.leases = new Leases(keyspace, time);
        this.possible = new WhatCanHappen(scenario, actors, keyspace, names, time, trace, leases);
    }

    // ---- the loop ----

    /** Runs the schedule to its end, and unwinds whoever is still in the middle of something. */
    End play() {
        long start = System.nanoTime();
        decide();
        try {
            watch();
            Alertness.ofThisMachine().took(System.nanoTime() - start, choices.size());
        } catch (ExplorerException cannotGoOn) {
            fail(cannotGoOn);
        }
        if (failure == null && end == End.OVER) {
            markStuck();
        }
        unwind();
        if (failure instanceof RuntimeException exception) {
            throw exception;
        } else if (failure != null) {
            throw new ExplorerException("the explorer failed: " + failure, failure);
        }
        return end;
    }

    /** Lets things happen, until a buyer has to run, or the schedule is over; then passes the turn on. */
    void decide() {
        try {
            if (end != null) {
                turn.passTo(explorer);
                return;
            }
            settle();
            reportWhatRan();
            while (true) {
                List<Choice> enabled = possible.next(faultsUsed);
                Choice choice = enabled.isEmpty() ? null : scheduler.next(enabled);
                if (choice == null) {
                    finish(enabled.isEmpty() ? End.OVER : End.CUT);
                    return;
                }
                progress++;
                cost.add(enabled, choice);
                choices.add(choice);
                faultsUsed += choice.isFault() ? 1 : 0;
                if (choice.runs() >= 0) {
                    Actor buyer = actors.get(choice.runs());
                    Actor actor = choice instanceof Choice.Tick ? buyer.beside() : buyer;
                    actor.grant(choice);
                    turn.passTo(actor);
                    return;
                }
                strike(choice);
            }
        } catch (RuntimeException | Error thrown) {
            fail(thrown);
            turn.passTo(explorer);
        }
    }

    private void finish(End how) {
        reportWhatRan();
        end = how;
        turn.passTo(explorer);
    }

    /** Ends the exploration: what happened is no verdict on the step. */
    void fail(Throwable why) {
        if (failure == null) {
            failure = why;
        }
        end = End.CUT;
    }

    // ---- what happens without any buyer's thread ----

    private void strike(Choice choice) {
        Effect effect;
        if (choice instanceof Choice.Crash crash) {
            int process = scenario.process(crash.buyer());
            crashed.add(process);
            everybody.stream().filter(a -> a.alive() && a.process() == process).forEach(a -> a.stop("crashed"));
            effect = Effect.local(process).asFault();
        } else if (choice instanceof Choice.Expire expire) {
            effect = Effect.faultOn(destroy(expire.key()));
        } else if (choice instanceof Choice.Evict evict) {
            effect = Effect.faultOn(destroy(evict.key()));
            evicted.add(names.full(evict.key()));
        } else if (choice instanceof Choice.FlushScripts) {
            keyspace.flushScripts();
            effect = Effect.faultOn(Effect.SCRIPT_CACHE);
        } else if (choice instanceof Choice.LeaseEnd lease) {
            time.advanceTo(time.leaseEnds().get(names.full(lease.key())));
            destroy(lease.key());
            effect = Effect.ofEverything();
        } else if (choice instanceof Choice.Wake wake) {
            Actor actor = actors.get(wake.buyer());
            pollersTakeTurns |= !actor.waiting().atADeadline()
                    && actors.stream().filter(Actor::isWaiting).count() > 1;
            time.advanceTo(actor.waiting().until());
            actor.wake();
            actor.wokenByTime(writes);
            effect = Effect.ofEverything();
        } else {
            throw new AssertionError(choice);
        }
        trace.struck(choice);
        report(effect);
    }

    private String destroy(String shortKey) {
        String lease = names.full(shortKey);
        Optional<Keyspace.Permits> permits = Keyspace.Permits.named(lease);
        permits.ifPresentOrElse(keyspace::end, () -> keyspace.delete(lease));
        String key = permits.map(Keyspace.Permits::key).orElse(lease);
        leases.found(key, false);
        written(Set.of(key), false);
        return key;
    }

    private void written(Set<String> keys, boolean perhapsAnyKey) {
        if (perhapsAnyKey || !keys.isEmpty()) {
            writes++;
        }
        if (perhapsAnyKey) {
            leases.forget();
        }
        keys.forEach(key -> versions.merge(key, 1, Integer::sum));
        actors.forEach(actor -> actor.written(keys, perhapsAnyKey));
    }

    private void report(Effect effect) {
        // Where faults are confined to moments, whether one is possible depends on what all buyers did before.
        scheduler.took(effect.fault() && scenario.faults().confined() ? effect.onEverything() : effect);
    }

    // ---- what buyers report, on their own threads ----

    /** The choice that let a buyer run is over. */
    void took(Actor actor, Effect effect) {
        Effect whole = actor.granted().isFault() ? effect.asFault() : effect;
        if (actor.granted() instanceof Choice.Begin) {
            trace.struck(actor.granted());
        }
        actor.used();
        written(effect.writes(), effect.everything());
        ran = actor;
        ranWith = whole;
    }

    /** What a buyer does after a command, and before the next, belongs to the choice of that command. */
    void alsoRead(Actor actor, Set<String> keys) {
        if (ran == actor) {
            ranWith = ranWith.alsoReading(keys);
        }
    }

    /** A buyer had sent something, and waits for the server. */
    void waitedForReply() {
        roundTrips++;
    }

    /** A buyer's transaction was refused because of its watch. */
    void aborted() {
        aborted++;
    }

    /** A buyer's choice is over when the buyer has come to its next stop; only then all of its effect is known. */
    private void reportWhatRan() {
        if (ran != null) {
            boolean stopsHere = ran.state() != Actor.State.READY && ran.state() != Actor.State.UNBEGUN;
            report(stopsHere ? ranWith.ending() : ranWith);
            // In which order those give up who poll in vain is not explored; where it could matter, nothing is proved.
            capped |= pollersTakeTurns && (!ranWith.writes().isEmpty() || (!ran.alive() && !ran.isStopped()));
            ran = null;
        }
    }

    /** The buyer sent the same command too often. */
    void capReached(Actor actor, boolean nothingEverChanges) {
        if (nothingEverChanges) {
            stuck.add(actor);
            actor.stop("it polls for what nobody will do any more");
        } else {
            capped = true;
            actor.stop("stopped after " + mostAttempts() + " attempts");
        }
    }

    // ---- JVM locks, where buyers share a process ----

    /** Waits until everybody who was blocked on a JVM lock either still is, or has come to a stop of its own. */
    private void settle() {
        if (!scenario.sharesProcesses()) {
            return;
        }
        long end = System.nanoTime() + PATIENCE_NANOS;
        for (Actor actor : everybody) {
            while ((actor.state() == Actor.State.BLOCKED
                            && locks.holder(actor).isEmpty()
                            && !locks.awaitsNotification(actor))
                    || (actor.state() == Actor.State.RUNNING
                            && actor != Thread.currentThread()
                            && !actor.isStopped())) {
                if (System.nanoTime() > end) {
                    throw new ExplorerException(actor.getName() + " got a JVM lock and has come to no command in "
                            + PATIENCE_NANOS / 1_000_000_000 + " s; it stands at " + JvmLocks.whereItStands(actor));
                }
                Thread.onSpinWait();
            }
        }
    }

    /**
     * If the buyer with the turn waits for a JVM lock of another, who stands still, or for another to notify it,
     * somebody else has to go on.
     */
    private boolean takeOverIfBlocked(Actor actor) {
        boolean awaitsNotification = locks.awaitsNotification(actor);
        if (!awaitsNotification && locks.holder(actor).isEmpty()) {
            return false;
        }
        boolean justBegun = actor.granted() instanceof Choice.Begin;
        boolean secondInLine = locks.isSecondInLine(actor);
        actor.state(Actor.State.BLOCKED);
        if (actor.granted() != null) {
            took(actor, Effect.local(actor.process()));
        }
        if (secondInLine && (awaitsNotification || !justBegun)) {
            fail(new ExplorerException("two buyers wait for one JVM lock (" + JvmLocks.lockOf(actor)
                    + "), and the JVM alone decides who gets it next; use fewer buyers in one process"));
            turn.passTo(explorer);
        } else if (secondInLine) {
            // Beginning later, when the line is shorter, comes to the same: that schedule is run as well.
            finish(End.CUT);
        } else {
            decide();
        }
        return true;
    }

    // ---- the end ----

    /** Waits for the end, while others have the turn; notices a buyer who cannot go on and so cannot pass it on. */
    private void watch() {
        long seen = -1;
        long since = 0;
        boolean alert = Alertness.ofThisMachine().stayAwake();
        while (!turn.await(scenario.sharesProcesses() ? LOCK_WATCH_NANOS : PATIENCE_NANOS / 10, alert)) {
            if (turn.holder() instanceof Actor actor && !takeOverIfBlocked(actor)) {
                if (seen != progress) {
                    seen = progress;
                    since = System.nanoTime();
                } else if (System.nanoTime() - since > PATIENCE_NANOS) {
                    throw new ExplorerException(actor.getName() + " has sent no command for "
                            + PATIENCE_NANOS / 1_000_000_000
                            + " s, and no schedule can make it go on; it stands at " + JvmLocks.whereItStands(actor));
                }
            }
        }
    }

    private void markStuck() {
        for (Actor actor : everybody) {
            if (actor.alive()) {
                stuck.add(actor);
                actor.stop("it waits for " + actor.waitingFor());
            }
        }
    }

    /** Takes every thread that is in the middle of a purchase out of it, one after the other. */
    private void unwind() {
        if (end == null) {
            end = End.CUT;
        }
        everybody.forEach(actor -> actor.stop("the schedule was over"));
        for (Actor actor : everybody) {
            if (actor.standsStill()) {
                turn.passTo(actor);
                waitFor(actor);
            }
        }
        // Who waited for a JVM lock gets it now, and comes to the next command, where it is stopped.
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        for (Actor actor : everybody) {
            int interrupts = 0;
            while (actor.state() != Actor.State.DONE && failure == null) {
                // The flag first: if it is down, and the actor waits, then the last interrupt did not end its wait.
                if (!actor.isInterrupted() && locks.awaitsNotification(actor)) {
                    if (nobodyElseGoesOn(actor) && ++interrupts > MOST_INTERRUPTS) {
                        throw new ExplorerException(actor.getName() + " waits to be notified, and nobody is left to do"
                                + " it; an interrupt does not take it out of its wait at "
                                + JvmLocks.whereItStands(actor));
                    }
                    actor.interrupt();
                }
                if (System.nanoTime() > deadline) {
                    throw new ExplorerException(actor.getName() + " still waits for a JVM lock that a stopped buyer"
                            + " has not released; it stands at " + JvmLocks.whereItStands(actor));
                }
                Thread.onSpinWait();
            }
        }
    }

    /** Whether everybody else has come to an end, or waits to be notified as well. */
    private boolean nobodyElseGoesOn(Actor actor) {
        return everybody.stream()
                .allMatch(other ->
                        other == actor || other.state() == Actor.State.DONE || locks.awaitsNotification(other));
    }

    private void waitFor(Actor actor) {
        if (!turn.await(PATIENCE_NANOS, false)) {
            throw new ExplorerException(actor.getName() + " was stopped, but does not come to an end; it stands at "
                    + JvmLocks.whereItStands(actor));
        }
    }

    // ---- what others ask ----

    boolean beginIsAChoice(int actor) {
        return scenario.sharesProcess(actor);
    }

    int process(int actor) {
        return scenario.process(actor);
    }

    /** What buyers of a process got instead of replies. */
    Set<Throwable> lostReplies(int process) {
        return everybody.stream()
                .filter(actor -> actor.process() == process)
                .flatMap(actor -> actor.lostReply().stream())
                .collect(Collectors.toSet());
    }

    int mostAttempts() {
        return scenario.attempts();
    }

    boolean neverReturns(Actor actor) {
        return stuck.contains(actor);
    }

    int version(String key) {
        return versions.getOrDefault(key, 0);
    }

    int choicesMade() {
        return choices.size();
    }

    int writes() {
        return writes;
    }

    /** Whether it matters at every point which keys have a lease. */
    boolean watchesLeases() {
        return scenario.faultKinds().contains(Fault.LEASE_EXPIRY);
    }

    Leases leases() {
        return leases;
    }

    VirtualTime time() {
        return time;
    }

    TraceWriter trace() {
        return trace;
    }

    Schedule schedule() {
        return new Schedule(choices);
    }

    Cost cost() {
        return cost;
    }

    int roundTrips() {
        return roundTrips;
    }

    int abortedTransactions() {
        return aborted;
    }

    boolean wasCapped() {
        return capped;
    }

    /** The numbers of the processes that have crashed. */
    Set<Integer> crashed() {
        return crashed;
    }

    Set<String> evicted() {
        return evicted;
    }

    KeyNames names() {
        return names;
    }
}
