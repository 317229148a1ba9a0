package flashsale.explore;

import flashsale.explore.Actor.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lists, at one point of a schedule, everything that can happen next, always in the same order. */
final class WhatCanHappen {

    private final Scenario scenario;
    private final List<Actor> actors;
    private final Keyspace keyspace;
    private final KeyNames names;
    private final VirtualTime time;
    private final TraceWriter trace;
    private final Leases leases;

    WhatCanHappen(
            Scenario scenario,
            List<Actor> actors,
            Keyspace keyspace,
            KeyNames names,
            VirtualTime time,
            TraceWriter trace,
            Leases leases) {
        this.scenario = scenario;
        this.actors = actors;
        this.keyspace = keyspace;
        this.names = names;
        this.time = time;
        this.trace = trace;
        this.leases = leases;
    }

    /**
     * Whoever can run, whatever is due at this instant, and the faults that can strike meanwhile; if there is nobody who
     * can run and nothing due, what the next instant brings.
     */
    List<Choice> next(int faultsUsed) {
        List<Choice> runnable = runnable();
        if (runnable.isEmpty()) {
            return whatTimeBrings();
        }
        List<Choice> all = new ArrayList<>(runnable);
        all.addAll(dueNow());
        if (faultsUsed < scenario.faults().budget()) {
            all.addAll(faults(runnable));
        }
        return all;
    }

    private List<Choice> runnable() {
        List<Choice> runnable = new ArrayList<>();
        for (Actor actor : actors) {
            if (scenario.alike() && !actor.hasBegun() && isBehindAnother(actor)) {
                continue;
            }
            if (actor.alive() && actor.state() == State.READY) {
                runnable.add(new Choice.Next(actor.number()));
            } else if (actor.alive() && actor.state() == State.UNBEGUN) {
                runnable.add(new Choice.Begin(actor.number()));
            }
            if (actor.beside().alive() && actor.beside().state() == State.READY) {
                runnable.add(new Choice.Tick(actor.number()));
            }
        }
        return runnable;
    }

    /** Whether somebody who comes before this buyer has not begun. */
    private boolean isBehindAnother(Actor actor) {
        return actors.subList(0, actor.number()).stream().anyMatch(before -> !before.hasBegun());
    }

    private List<Choice> faults(List<Choice> runnable) {
        Set<Fault> kinds = scenario.faults().kinds();
        List<Choice> faults = new ArrayList<>();
        if (kinds.contains(Fault.CRASH)) {
            Set<Integer> processes = new HashSet<>();
            for (Choice choice : runnable) {
                if (processes.add(scenario.process(choice.runs()))) {
                    faults.add(new Choice.Crash(choice.runs()));
                }
            }
        }
        if (kinds.contains(Fault.LOST_REPLY)) {
            for (Choice choice : runnable) {
                if (choice instanceof Choice.Next next) {
                    faults.add(new Choice.LoseReply(next.buyer()));
                }
            }
        }
        if (kinds.contains(Fault.LEASE_EXPIRY)) {
            leases.now().forEach(key -> faults.add(new Choice.Expire(names.shorten(key))));
        }
        if (kinds.contains(Fault.EVICTION)) {
            keyspace.unleased().forEach(key -> faults.add(new Choice.Evict(names.shorten(key))));
        }
        if (kinds.contains(Fault.SCRIPT_FLUSH)) {
            faults.add(new Choice.FlushScripts());
        }
        if (scenario.faults().confined()) {
            faults.removeIf(fault -> !scenario.faults().when().test(new Scenario.Moment(fault, trace.commands())));
        }
        return faults;
    }

    /** The next lease ends, or the next deadline comes; whatever comes at the same instant can come in any order. */
    private List<Choice> whatTimeBrings() {
        List<Actor> waiting = waiting();
        if (waiting.isEmpty()) {
            return List.of();
        }
        Map<Choice, Instant> events = events(waiting);
        if (events.isEmpty()) {
            // Nothing will ever change; whoever polls takes turns in polling, until it gives up.
            return waiting.stream()
                    .filter(actor -> !actor.waiting().forMessage())
                    .min(Comparator.comparing(actor -> actor.waiting().until()))
                    .map(first -> List.<Choice>of(new Choice.Wake(first.number())))
                    .orElse(List.of());
        }
        return until(events, events.values().stream().min(Instant::compareTo).orElseThrow());
    }

    /** Time has come to this instant for one of several, and the others have not waked yet. */
    private List<Choice> dueNow() {
        List<Actor> waiting = time.hasMoved() ? waiting() : List.of();
        return waiting.isEmpty() ? List.of() : until(events(waiting), time.instant());
    }

    private static List<Choice> until(Map<Choice, Instant> events, Instant instant) {
        return events.keySet().stream()
                .filter(event -> !events.get(event).isAfter(instant))
                .toList();
    }

    private Map<Choice, Instant> events(List<Actor> waiting) {
        Map<Choice, Instant> events = new LinkedHashMap<>();
        for (Actor actor : waiting) {
            if (actor.waiting().atADeadline()) {
                events.put(new Choice.Wake(actor.number()), actor.waiting().until());
            }
        }
        time.leaseEnds().forEach((key, at) -> events.put(new Choice.LeaseEnd(names.shorten(key)), at));
        return events;
    }

    private List<Actor> waiting() {
        return actors.stream().filter(Actor::isWaiting).toList();
    }
}
