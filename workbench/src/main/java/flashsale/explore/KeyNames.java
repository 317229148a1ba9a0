package flashsale.explore;

import java.util.HashMap;
import java.util.Map;

/** Keys as a reader sees them: without the {@code sale:{item}:} that all keys of one sale share. */
final class KeyNames {

    private final String prefix;
    private final Map<String, String> full = new HashMap<>();

    KeyNames(Scenario scenario) {
        prefix = scenario.keys().key("");
    }

    String prefix() {
        return prefix;
    }

    String shorten(String key) {
        String name = key.startsWith(prefix) ? key.substring(prefix.length()) : key;
        full.put(name, key);
        return name;
    }

    /** The key that was shortened to this name. */
    String full(String name) {
        return full.getOrDefault(name, prefix + name);
    }
}
