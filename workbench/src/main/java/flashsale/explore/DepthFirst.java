package flashsale.explore;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Depth-first search over all schedules, one run after the other: each run follows the path of the last one up to the
 * deepest point with an untried choice, takes that, and from there on always the first choice.
 *
 * <p>With sleep sets a choice that was tried at a point sleeps in its siblings' subtrees until something that depends
 * on it happens; a schedule in which all that is possible sleeps is cut, since an equivalent one was run. With a bound
 * on faults and preemptions only the schedules within the bound are run.
 */
final class DepthFirst implements Scheduler {

    /** The most faults and preemptions in one schedule. */
    record Bound(int faults, int preemptions) {}

    /** One point of the path: what could happen there, what was tried, and what of it may sleep. */
    private static final class Point {
        final List<Choice> enabled;
        final List<Choice> candidates;
        final Map<Choice, Effect> sleeping;
        int tried;
        Effect effect;

        Point(List<Choice> enabled, List<Choice> candidates, Map<Choice, Effect> sleeping) {
            this.enabled = enabled;
            this.candidates = candidates;
            this.sleeping = sleeping;
        }

        Choice current() {
            return candidates.get(tried);
        }
    }

    private final boolean sleepSets;
    private final boolean lastFirst;
    private final Bound bound;
    private final List<Point> path = new ArrayList<>();
    private int depth;
    private int lengthAtStart;
    private boolean started;
    private boolean preemptionsPruned;

    private DepthFirst(boolean sleepSets, boolean lastFirst, Bound bound) {
        this.sleepSets = sleepSets;
        this.lastFirst = lastFirst;
        this.bound = bound;
    }

    /** Every schedule. */
    static DepthFirst plain() {
        return new DepthFirst(false, false, null);
    }

    /** At least one schedule of every class of schedules that differ only by swapping independent neighbours. */
    static DepthFirst withSleepSets() {
        return new DepthFirst(true, false, null);
    }

    /** Every schedule within a bound. */
    static DepthFirst within(Bound bound) {
        return new DepthFirst(false, false, bound);
    }

    /** The same search, trying the last choice first: what it finds must not depend on the order. */
    DepthFirst lastFirst() {
        return new DepthFirst(sleepSets, true, bound);
    }

    /** Whether some schedule was left out because of the bound on preemptions, so that a larger bound finds more. */
    boolean preemptionsPruned() {
        return preemptionsPruned;
    }

    @Override
    public boolean startNext() {
        depth = 0;
        boolean another = !started || moveOn();
        started = true;
        lengthAtStart = path.size();
        return another;
    }

    private boolean moveOn() {
        while (!path.isEmpty()) {
            Point last = path.get(path.size() - 1);
            if (sleepSets) {
                last.sleeping.put(last.current(), last.effect);
            }
            if (moveToNextAwake(last, last.tried + 1)) {
                return true;
            }
            path.remove(path.size() - 1);
        }
        return false;
    }

    @Override
    public OptionalInt choicesInCommon() {
        return OptionalInt.of(Math.max(0, path.size() - 1));
    }

    @Override
    public void startAgain() {
        depth = 0;
        path.subList(lengthAtStart, path.size()).clear(); // found in the schedule that was broken off
    }

    @Override
    public Choice next(List<Choice> enabled) {
        Point point;
        if (depth < path.size()) {
            point = path.get(depth);
            if (!point.enabled.equals(enabled)) {
                throw new DivergedException("diverged at step " + (depth + 1) + ": the same schedule allowed "
                        + point.enabled + " before and " + enabled
                        + " now; the step is not deterministic (random numbers, real time, threads of its own?)");
            }
        } else {
            point = new Point(enabled, candidates(enabled), sleepingBelow());
            if (!moveToNextAwake(point, 0)) {
                return null;
            }
            path.add(point);
        }
        depth++;
        return point.current();
    }

    @Override
    public void took(Effect effect) {
        path.get(depth - 1).effect = effect;
    }

    private static boolean moveToNextAwake(Point point, int from) {
        point.tried = from;
        while (point.tried < point.candidates.size() && point.sleeping.containsKey(point.current())) {
            point.tried++;
        }
        return point.tried < point.candidates.size();
    }

    /** What slept or was tried at the point above goes on sleeping if it is independent of what was done there. */
    private Map<Choice, Effect> sleepingBelow() {
        if (!sleepSets) {
            return Map.of();
        }
        Map<Choice, Effect> sleeping = new HashMap<>();
        if (depth > 0) {
            Point above = path.get(depth - 1);
            above.sleeping.forEach((choice, effect) -> {
                if (!effect.dependsOn(above.effect)) {
                    sleeping.put(choice, effect);
                }
            });
        }
        return sleeping;
    }

    private List<Choice> candidates(List<Choice> enabled) {
        List<Choice> candidates = new ArrayList<>(enabled);
        if (lastFirst) {
            Collections.reverse(candidates);
        }
        if (bound != null) {
            Cost before = new Cost();
            for (Point point : path) {
                before.add(point.enabled, point.current());
            }
            candidates.removeIf(choice -> {
                if (before.faults() + (choice.isFault() ? 1 : 0) > bound.faults()) {
                    return true;
                }
                boolean tooMany =
                        before.preemptions() + (before.preempts(enabled, choice) ? 1 : 0) > bound.preemptions();
                preemptionsPruned |= tooMany;
                return tooMany;
            });
        }
        return candidates;
    }
}
