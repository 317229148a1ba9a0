package flashsale.explore;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * What a buyer has read since it last slept. If it wrote nothing, and nobody else has written what it read, it can only
 * find the same again: it may as well sleep until one of these keys is written.
 */
final class Polling {

    private final ToIntFunction<String> version;
    private final Map<String, Integer> versionRead = new HashMap<>();
    private boolean wrote;

    /** @param version how often a key has been written in this schedule */
    Polling(ToIntFunction<String> version) {
        this.version = version;
    }

    void touched(Set<String> reads, boolean anyWrite) {
        reads.forEach(key -> versionRead.putIfAbsent(key, version.applyAsInt(key)));
        wrote |= anyWrite;
    }

    /** Whether doing the same again would find the same. */
    boolean isInVain() {
        return !wrote
                && !versionRead.isEmpty()
                && versionRead.entrySet().stream()
                        .allMatch(read -> version.applyAsInt(read.getKey()) == read.getValue());
    }

    Set<String> keys() {
        return versionRead.keySet();
    }

    void startAnew() {
        versionRead.clear();
        wrote = false;
    }
}
