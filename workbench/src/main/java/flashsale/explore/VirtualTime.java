package flashsale.explore;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The time of one schedule. It stands still while anybody can run, and then jumps to the next end of a lease or
 * deadline. The server's leases are shortened by each jump, so that the step sees one and the same time everywhere.
 */
final class VirtualTime implements InstantSource {

    /** A lease that has ended, but whose key still stands since something else happens at the same instant first. */
    private static final Duration ENDED = Duration.ofDays(1000);

    private final Keyspace keyspace;
    private final Supplier<Set<String>> renewed;
    private final Set<String> ended = new HashSet<>();
    private Instant now = Instant.EPOCH;

    /** @param renewed keys whose leases are renewed for as long as nobody crashes, and so never end */
    VirtualTime(Keyspace keyspace, Supplier<Set<String>> renewed) {
        this.keyspace = keyspace;
        this.renewed = renewed;
    }

    /** What was left before a little time really passed: under the explorer leases are whole seconds. */
    static long wholeMillis(long millisLeft) {
        return (millisLeft + 999) / 1000 * 1000;
    }

    @Override
    public Instant instant() {
        return now;
    }

    /** Whether any time has passed in this schedule. */
    boolean hasMoved() {
        return now.isAfter(Instant.EPOCH);
    }

    /** Ends of all running leases. */
    Map<String, Instant> leaseEnds() {
        Map<String, Instant> ends = new TreeMap<>();
        Set<String> endless = renewed.get();
        keyspace.leases().forEach((key, left) -> {
            if (left != null && !endless.contains(key)) {
                ends.put(key, ended(key, left) ? now : now.plus(left));
            }
        });
        ends.putAll(keyspace.permitsAfter(now));
        return ends;
    }

    /** Jumps ahead. An instant that has passed does not turn time back. */
    void advanceTo(Instant instant) {
        if (!instant.isAfter(now)) {
            return;
        }
        Duration jump = Duration.between(now, instant);
        Set<String> endless = renewed.get();
        keyspace.leases().forEach((key, left) -> {
            if (left != null && !endless.contains(key) && !ended(key, left)) {
                Duration rest = left.minus(jump);
                if (rest.isNegative() || rest.isZero()) {
                    ended.add(key);
                    keyspace.setLease(key, ENDED);
                } else {
                    keyspace.setLease(key, rest);
                }
            }
        });
        now = instant;
    }

    /** A key that was given another lease since then has not ended any more. */
    private boolean ended(String key, Duration left) {
        if (left.compareTo(ENDED.dividedBy(2)) < 0) {
            ended.remove(key);
        }
        return ended.contains(key);
    }
}
