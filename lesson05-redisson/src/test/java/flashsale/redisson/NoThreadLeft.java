package flashsale.redisson;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** After each test class of this lesson: every client is shut down, so no thread of Redisson's is left. */
public final class NoThreadLeft implements BeforeAllCallback, AfterAllCallback {

    private static final AtomicInteger CLASSES = new AtomicInteger();

    @Override
    public void beforeAll(ExtensionContext context) {
        CLASSES.incrementAndGet();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        assertNone(context.getDisplayName(), Await.LIMIT);
    }

    /** How many test classes are looked after so far. */
    static int classesChecked() {
        return CLASSES.get();
    }

    /** @param patience for the last threads of a client that is shut down, which are on their way out */
    static void assertNone(String whose, Duration patience) {
        Await.comesTrue(patience, () -> alive().isEmpty());
        assertThat(alive()).as("threads left behind by " + whose).isEmpty();
    }

    private static List<String> alive() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.toLowerCase(Locale.ROOT).contains("redisson"))
                .sorted()
                .toList();
    }
}
