package flashsale.explore;

import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/**
 * What one executed choice touched; two choices that touch nothing in common can be swapped without anybody noticing.
 *
 * <p>The effect is what the choice did in the state in which it was executed: a {@code SET NX} that was refused only
 * read. Two choices that are both possible in a state, and whose effects there do not conflict, lead to the same state
 * in either order, and each has the same effect after the other as before it; that is all that sleep sets ask for
 * (Godefroid 1996, conditional independence). Where in doubt an effect claims more than it did: that costs time, never
 * truth.
 *
 * @param process the buyer's process, or {@link #NO_PROCESS}; everything in one process is dependent
 * @param reads keys read
 * @param writes keys written
 * @param fault whether it took from the budget of faults, which all faults share
 * @param ends whether its buyer came to the end, or to a wait, with it: perhaps nobody is left then who could run, and
 *     faults strike only while somebody can
 * @param everything whether it must be taken to depend on everything (keys unknown, or time passed)
 */
record Effect(int process, Set<String> reads, Set<String> writes, boolean fault, boolean ends, boolean everything) {

    static final int NO_PROCESS = -1;

    /** The server's script cache, as if it were a key. */
    static final String SCRIPT_CACHE = "(script cache)";

    /** What a command did. */
    static Effect on(int process, Set<String> reads, Set<String> writes) {
        return new Effect(process, reads, writes, false, false, false);
    }

    /** Something inside one process only. */
    static Effect local(int process) {
        return on(process, Set.of(), Set.of());
    }

    /** A fault that writes one key. */
    static Effect faultOn(String key) {
        return new Effect(NO_PROCESS, Set.of(), Set.of(key), true, false, false);
    }

    /** Depends on everything. */
    static Effect ofEverything() {
        return new Effect(NO_PROCESS, Set.of(), Set.of(), false, false, true);
    }

    /** The same effect, taking from the budget of faults. */
    Effect asFault() {
        return new Effect(process, reads, writes, true, ends, everything);
    }

    /** The same effect, and these keys read. */
    Effect alsoReading(Set<String> keys) {
        Set<String> all = new HashSet<>(reads);
        all.addAll(keys);
        return new Effect(process, all, writes, fault, ends, everything);
    }

    /** The same effect, taken to depend on everything. */
    Effect onEverything() {
        return new Effect(process, reads, writes, fault, ends, true);
    }

    /** The same effect, after which its buyer does not run on. */
    Effect ending() {
        return new Effect(process, reads, writes, fault, true, everything);
    }

    /** The dependence relation of the reduction; symmetric. */
    boolean dependsOn(Effect other) {
        return everything
                || other.everything
                || (fault && (other.fault || other.ends))
                || (ends && other.fault)
                || (process != NO_PROCESS && process == other.process)
                || touches(writes, other.writes)
                || touches(writes, other.reads)
                || touches(reads, other.writes);
    }

    private static boolean touches(Set<String> some, Set<String> others) {
        return !Collections.disjoint(some, others);
    }
}
