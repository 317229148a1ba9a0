package flashsale.explore;

import java.time.Instant;
import java.util.Collections;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Why a buyer sleeps, and until when.
 *
 * @param polled the keys that it looks at again when one of them is written; empty if it waits for a message
 * @param forMessage whether it waits for somebody to send it a message
 * @param until when it wakes if nothing else wakes it
 * @param atADeadline whether it goes on in another way then, and does not just look again
 */
record Waiting(Set<String> polled, boolean forMessage, Instant until, boolean atADeadline) {

    /** Copies the set. */
    Waiting {
        polled = Set.copyOf(polled);
    }

    static Waiting forWriteOf(Set<String> polled, Instant until, boolean atADeadline) {
        return new Waiting(polled, false, until, atADeadline);
    }

    /** @param until {@link Instant#MAX} if it waits for ever */
    static Waiting forMessage(Instant until) {
        return new Waiting(Set.of(), true, until, !until.equals(Instant.MAX));
    }

    /** Whether there is a reason to look again. */
    boolean isOverWhenWritten(Set<String> keys, boolean perhapsAnyKey) {
        return !forMessage && (perhapsAnyKey || !Collections.disjoint(keys, polled));
    }

    String describe(KeyNames names) {
        return forMessage
                ? "a message"
                : polled.stream().sorted().map(names::shorten).collect(Collectors.joining(", "));
    }
}
