package flashsale.explore;

import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which keys, and which buyers' permits, have a lease at this point of a schedule. The server is asked for all of them once; from then on each
 * command asks for the keys that it writes, in its own round trip.
 */
final class Leases {

    private final Keyspace keyspace;
    private final InstantSource clock;
    private final Set<String> leased = new TreeSet<>();
    private boolean known;

    /** @param clock the time by which permits are judged */
    Leases(Keyspace keyspace, InstantSource clock) {
        this.keyspace = keyspace;
        this.clock = clock;
    }

    /** The keys, in order. */
    List<String> now() {
        if (!known) {
            leased.clear();
            leased.addAll(keyspace.leased());
            leased.addAll(keyspace.permitsAfter(clock.instant()).keySet());
            known = true;
        }
        return List.copyOf(leased);
    }

    /** What a key has after a command that wrote it. */
    void found(String key, boolean hasLease) {
        if (keyspace.holdsPermits(key)) {
            forget();
        } else if (hasLease) {
            leased.add(key);
        } else {
            leased.remove(key);
        }
    }

    /** Something was written, and nobody can say what. */
    void forget() {
        known = false;
    }
}
