package flashsale.explore;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Keys as a reader sees them: without the {@code sale:{item}:} that all keys of one sale share. A key of one part of a
 * split sale, {@code sale:{item-0}:stock}, keeps the number of its part: {@code stock-0}.
 */
final class KeyNames {

    private final String prefix;
    private final Pattern keyOfAPart;
    private final Map<String, String> full = new HashMap<>();

    KeyNames(Scenario scenario) {
        prefix = scenario.keys().key("");
        keyOfAPart = Pattern.compile("sale:\\{" + Pattern.quote(scenario.item()) + "-(\\d+)}:(\\w+)");
    }

    String shorten(String key) {
        String name = key.startsWith(prefix)
                ? key.substring(prefix.length())
                : keyOfAPart.matcher(key).replaceFirst("$2-$1");
        full.put(name, key);
        return name;
    }

    /** A text with every key in it shortened. */
    String shortenAllIn(String text) {
        return keyOfAPart.matcher(text.replace(prefix, "")).replaceAll("$2-$1");
    }

    /** The key that was shortened to this name. */
    String full(String name) {
        return full.getOrDefault(name, prefix + name);
    }
}
