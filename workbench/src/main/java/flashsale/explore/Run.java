package flashsale.explore;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

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

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    private static final long LOCK_WATCH_NANOS = 50_000;

    private final Scenario scenario;
    private final Scheduler scheduler;
    private final List<Actor> actors;
    private final Turn turn;
    private final Thread explorer;
    private final Keyspace keyspace;
    private final VirtualTime time;
    private final TraceWriter trace;

    private final Map<String, Integer> versions = new HashMap<>();
    private final List<Choice> choices = new ArrayList<>();
    private final Set<String> evicted = new TreeSet<>();
    private final Set<Actor> stuck = new HashSet<>();
    private final Cost cost = new Cost();
    private Actor ran;
    private Effect ranWith;
    private int faultsUsed;
    private int writes;
    private boolean capped;
    private volatile long progress;
    private volatile End end;
    private volatile Throwable failure;

    Run(Scenario scenario, Scheduler scheduler, List<Actor> actors, Turn turn, Keyspace keyspace, TraceWriter trace) {
        this.scenario = scenario;
        this.scheduler = scheduler;
        this.actors = actors;
        this.turn = turn;
        this.explorer = Thread.currentThread();
        this.keyspace = keyspace;
        this.time = new VirtualTime(keyspace);
        this.trace = trace;
    }

    // ---- the loop ----

    /** Runs the schedule to its end, and unwinds whoever is still in the middle of something. */
    End play() {
        decide();
        watch();
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
                List<Choice> enabled = enabled();
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
                    Actor actor = actors.get(choice.runs());
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

    // ---- what can happen ----

    private List<Choice> enabled() {
        List<Choice> enabled = new ArrayList<>();
        boolean anybodyAlive = false;
        for (Actor actor : actors) {
            if (actor.alive()) {
                anybodyAlive = true;
                if (actor.state() == Actor.State.READY) {
                    enabled.add(new Choice.Next(actor.number()));
                } else if (actor.state() == Actor.State.UNBEGUN) {
                    enabled.add(new Choice.Begin(actor.number()));
                }
            }
        }
        if (!anybodyAlive) {
            return List.of();
        }
        if (enabled.isEmpty()) {
            return whatTimeBrings();
        }
        if (faultsUsed < scenario.faults().budget()) {
            addFaults(enabled);
        }
        return enabled;
    }

    private void addFaults(List<Choice> enabled) {
        Set<Fault> kinds = scenario.faults().kinds();
        List<Choice> faults = new ArrayList<>();
        Set<Integer> processes = new HashSet<>();
        for (Choice choice : enabled) {
            if (kinds.contains(Fault.CRASH) && processes.add(scenario.process(choice.runs()))) {
                faults.add(new Choice.Crash(choice.runs()));
            }
        }
        for (Choice choice : enabled) {
            if (kinds.contains(Fault.LOST_REPLY) && choice instanceof Choice.Next next) {
                faults.add(new Choice.LoseReply(next.buyer()));
            }
        }
        if (kinds.contains(Fault.LEASE_EXPIRY)) {
            keyspace.leased().forEach(key -> faults.add(new Choice.Expire(shortKey(key))));
        }
        if (kinds.contains(Fault.EVICTION)) {
            keyspace.unleased().forEach(key -> faults.add(new Choice.Evict(shortKey(key))));
        }
        if (kinds.contains(Fault.SCRIPT_FLUSH)) {
            faults.add(new Choice.FlushScripts());
        }
        if (scenario.faults().confined()) {
            faults.removeIf(fault -> !scenario.faults().when().test(new Scenario.Moment(fault, trace.commands())));
        }
        enabled.addAll(faults);
    }

    /** Nobody can run: the next lease ends, or the next deadline comes; whatever comes at one instant, in any order. */
    private List<Choice> whatTimeBrings() {
        Map<Choice, Instant> events = new LinkedHashMap<>();
        for (Actor actor : actors) {
            if (actor.alive() && actor.state() == Actor.State.PARKED && actor.hasDeadline()) {
                events.put(new Choice.Wake(actor.number()), actor.wakeAt());
            }
        }
        boolean somebodyWaits = actors.stream().anyMatch(a -> a.alive() && a.state() == Actor.State.PARKED);
        if (somebodyWaits) {
            time.leaseEnds().forEach((key, at) -> events.put(new Choice.LeaseEnd(shortKey(key)), at));
        }
        if (events.isEmpty()) {
            // Nothing will ever change; whoever polls takes turns in polling, until it gives up or reaches the cap.
            return actors.stream()
                    .filter(actor -> actor.alive() && actor.state() == Actor.State.PARKED)
                    .min(Comparator.comparing(Actor::wakeAt))
                    .map(actor -> List.<Choice>of(new Choice.Wake(actor.number())))
                    .orElse(List.of());
        }
        Instant next = events.values().stream().min(Instant::compareTo).orElse(Instant.MAX);
        return events.entrySet().stream()
                .filter(event -> event.getValue().equals(next))
                .map(Map.Entry::getKey)
                .toList();
    }

    // ---- what happens without any buyer's thread ----

    private void strike(Choice choice) {
        Effect effect;
        if (choice instanceof Choice.Crash crash) {
            int process = scenario.process(crash.buyer());
            actors.stream().filter(a -> a.alive() && a.process() == process).forEach(a -> a.stop("crashed"));
            effect = Effect.local(process).asFault();
        } else if (choice instanceof Choice.Expire expire) {
            effect = Effect.faultOn(destroy(expire.key()));
        } else if (choice instanceof Choice.Evict evict) {
            effect = Effect.faultOn(destroy(evict.key()));
            evicted.add(fullKey(evict.key()));
        } else if (choice instanceof Choice.FlushScripts) {
            keyspace.flushScripts();
            effect = Effect.faultOn(Effect.SCRIPT_CACHE);
        } else if (choice instanceof Choice.LeaseEnd lease) {
            time.advanceTo(time.leaseEnds().get(fullKey(lease.key())));
            destroy(lease.key());
            effect = Effect.ofEverything();
        } else if (choice instanceof Choice.Wake wake) {
            Actor actor = actors.get(wake.buyer());
            time.advanceTo(actor.wakeAt());
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
        String key = fullKey(shortKey);
        keyspace.delete(key);
        written(Set.of(key), false);
        return key;
    }

    private void written(Set<String> keys, boolean perhapsAnyKey) {
        if (perhapsAnyKey || !keys.isEmpty()) {
            writes++;
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

    /** A buyer's choice is over when the buyer has come to its next stop; only then all of its effect is known. */
    private void reportWhatRan() {
        if (ran != null) {
            boolean stopsHere = ran.state() != Actor.State.READY && ran.state() != Actor.State.UNBEGUN;
            report(stopsHere ? ranWith.ending() : ranWith);
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
        if (!scenario.oneProcess()) {
            return;
        }
        long end = System.nanoTime() + PATIENCE_NANOS;
        for (Actor actor : actors) {
            while ((actor.state() == Actor.State.BLOCKED && holderOfLock(actor) == null)
                    || (actor.state() == Actor.State.RUNNING
                            && actor != Thread.currentThread()
                            && !actor.isStopped())) {
                if (System.nanoTime() > end) {
                    throw new ExplorerException(actor.getName() + " got a JVM lock and has come to no command in "
                            + PATIENCE_NANOS / 1_000_000_000 + " s; it stands at " + whereItStands(actor));
                }
                Thread.onSpinWait();
            }
        }
    }

    /** If the buyer with the turn waits for a JVM lock of another, who stands still, somebody else has to go on. */
    private boolean takeOverIfBlocked(Actor actor) {
        Actor owner = holderOfLock(actor);
        if (owner == null) {
            return false;
        }
        boolean justBegun = actor.granted() instanceof Choice.Begin;
        boolean secondInLine = actors.stream()
                .anyMatch(other -> other != actor
                        && other.state() == Actor.State.BLOCKED
                        && lockOf(other).equals(lockOf(actor)));
        actor.state(Actor.State.BLOCKED);
        if (actor.granted() != null) {
            took(actor, Effect.local(actor.process()));
        }
        if (secondInLine && !justBegun) {
            fail(new ExplorerException("two buyers wait for one JVM lock (" + lockOf(actor)
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

    /** The buyer who holds the lock that this one waits for, and who stands still; null if there is none. */
    private Actor holderOfLock(Actor actor) {
        ThreadInfo info = THREADS.getThreadInfo(actor.getId());
        if (info == null || info.getLockInfo() == null) {
            return null;
        }
        for (Actor other : actors) {
            if (other != actor && other.getId() == info.getLockOwnerId() && other.state() != Actor.State.RUNNING) {
                if (other.process() != actor.process()) {
                    throw new ExplorerException(actor.getName() + " and " + other.getName()
                            + " are served by two processes, but share the JVM lock " + info.getLockInfo()
                            + ": a static lock cannot stand for two application servers");
                }
                return other;
            }
        }
        return null;
    }

    private static String lockOf(Actor actor) {
        ThreadInfo info = THREADS.getThreadInfo(actor.getId());
        return info == null ? "none" : String.valueOf(info.getLockInfo());
    }

    // ---- the end ----

    /** Waits for the end, while others have the turn; notices a buyer who cannot go on and so cannot pass it on. */
    private void watch() {
        long seen = -1;
        long since = 0;
        while (!turn.await(scenario.oneProcess() ? LOCK_WATCH_NANOS : PATIENCE_NANOS / 10)) {
            if (turn.holder() instanceof Actor actor && !takeOverIfBlocked(actor)) {
                if (seen != progress) {
                    seen = progress;
                    since = System.nanoTime();
                } else if (System.nanoTime() - since > PATIENCE_NANOS) {
                    throw new ExplorerException(actor.getName() + " has sent no command for "
                            + PATIENCE_NANOS / 1_000_000_000
                            + " s, and no schedule can make it go on; it stands at " + whereItStands(actor));
                }
            }
        }
    }

    private static String whereItStands(Actor actor) {
        StackTraceElement[] stack = actor.getStackTrace();
        return stack.length == 0 ? "its end" : stack[0] + (stack.length > 1 ? " from " + stack[1] : "");
    }

    private void markStuck() {
        for (Actor actor : actors) {
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
        actors.forEach(actor -> actor.stop("the schedule was over"));
        for (Actor actor : actors) {
            if (actor.state() != Actor.State.DONE && actor.state() != Actor.State.BLOCKED) {
                turn.passTo(actor);
                waitFor(actor);
            }
        }
        long end = System.nanoTime() + PATIENCE_NANOS;
        for (Actor actor : actors) {
            while (actor.state() != Actor.State.DONE) {
                if (System.nanoTime() > end) {
                    throw new ExplorerException(actor.getName() + " still waits for a JVM lock that a stopped buyer"
                            + " has not released; it stands at " + whereItStands(actor));
                }
                Thread.onSpinWait();
            }
        }
    }

    private void waitFor(Actor actor) {
        if (!turn.await(PATIENCE_NANOS)) {
            throw new ExplorerException(actor.getName() + " was stopped, but does not come to an end; it stands at "
                    + whereItStands(actor));
        }
    }

    // ---- what others ask ----

    boolean beginIsAChoice() {
        return scenario.oneProcess();
    }

    int process(int actor) {
        return scenario.process(actor);
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

    int writes() {
        return writes;
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

    boolean wasCapped() {
        return capped;
    }

    Set<String> evicted() {
        return evicted;
    }

    private String shortKey(String key) {
        return key.startsWith(scenario.keys().key(""))
                ? key.substring(scenario.keys().key("").length())
                : key;
    }

    List<String> shortKeys(Set<String> keys) {
        return keys.stream().sorted().map(this::shortKey).toList();
    }

    /** Every key under the explorer is one of the sale's, unless the database holds it under its short name. */
    private String fullKey(String shortKey) {
        return keyspace.leases().containsKey(shortKey)
                ? shortKey
                : scenario.keys().key(shortKey);
    }
}
