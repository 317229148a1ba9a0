package flashsale.stage;

import java.io.Console;
import java.io.PrintStream;

/**
 * Where a command writes.
 *
 * @param out results, and nothing else
 * @param err everything about how they came about: which server, how far it is, what went wrong
 * @param terminal whether somebody is watching, so that a progress bar may move
 */
record Streams(PrintStream out, PrintStream err, boolean terminal) {

    static Streams standard() {
        return new Streams(System.out, System.err, isTerminal(System.console()));
    }

    /** Since Java 22 there is a console in a pipe too, and it can be asked. */
    private static boolean isTerminal(Console console) {
        try {
            return console != null
                    && (Boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException olderJava) {
            return true;
        }
    }
}
