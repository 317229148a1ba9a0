package flashsale.report.console;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Prints a test run so that it reads from top to bottom: the name of a class when it starts, then whatever its tests
 * print, and after each test one line with a tick, a cross or a circle (passed, failed, skipped).
 *
 * <p>JUnit finds it through {@code META-INF/services}, so a module gets it by depending on the workbench. There is no
 * colour: the marks say the same in a file, in a pipe and on a projector.
 */
public final class ConsoleListener implements TestExecutionListener {

    private static final String PASSED = "✔ ";
    private static final String FAILED = "✘ ";
    private static final String SKIPPED = "○ ";

    /** Where a failure passes through on its way to the reader, who has no use for it. */
    private static final List<String> MACHINERY =
            List.of("java.", "jdk.", "sun.", "org.junit.", "org.assertj.", "org.opentest4j.", "org.apache.maven.");

    private final PrintStream fixedOut;
    private TestPlan plan;

    /** Prints to whatever {@link System#out} is at that moment: Surefire swaps it after the listeners are made. */
    public ConsoleListener() {
        this(null);
    }

    ConsoleListener(PrintStream out) {
        this.fixedOut = out;
    }

    @Override
    public synchronized void testPlanExecutionStarted(TestPlan testPlan) {
        plan = testPlan;
    }

    @Override
    public synchronized void executionStarted(TestIdentifier id) {
        if (id.isContainer() && !isEngine(id)) {
            printHeading(id);
        }
    }

    @Override
    public synchronized void executionSkipped(TestIdentifier id, String reason) {
        if (isTopLevel(id)) {
            printHeading(id);
            print(indent(id) + "  " + SKIPPED + "skipped: " + reason);
        } else {
            print(indent(id) + SKIPPED + id.getDisplayName() + " · skipped: " + reason);
        }
    }

    @Override
    public synchronized void executionFinished(TestIdentifier id, TestExecutionResult result) {
        Optional<Throwable> thrown = result.getThrowable();
        switch (result.getStatus()) {
            case SUCCESSFUL -> {
                if (id.isTest()) {
                    print(indent(id) + PASSED + id.getDisplayName());
                }
            }
            case ABORTED ->
                print(indent(id)
                        + SKIPPED
                        + nameOfResult(id)
                        + " · skipped: "
                        + thrown.map(ConsoleListener::reason).orElse("no reason given"));
            case FAILED -> {
                print(indent(id) + FAILED + nameOfResult(id));
                thrown.ifPresent(failure -> explain(failure, id));
            }
        }
    }

    private void printHeading(TestIdentifier id) {
        if (isTopLevel(id)) {
            print("");
        }
        print(indent(id) + id.getDisplayName());
    }

    /** A container ends badly when something around its tests does, such as {@code @BeforeAll}. */
    private static String nameOfResult(TestIdentifier id) {
        return id.isTest() ? id.getDisplayName() : "outside the tests of: " + id.getDisplayName();
    }

    private void explain(Throwable failure, TestIdentifier id) {
        String margin = indent(id) + "    ";
        message(failure).lines().forEach(line -> print(line.isBlank() ? "" : margin + line));
        List<String> way = frames(failure, id);
        way.forEach(frame -> print(margin + "at " + frame));
        Throwable cause = failure.getCause();
        if (cause != null && cause != failure) {
            print(margin + "caused by " + cause);
            frames(cause, id).stream()
                    .filter(frame -> !way.contains(frame))
                    .forEach(frame -> print(margin + "at " + frame));
        }
    }

    /** An assertion explains itself; of any other exception the type is half of the message. */
    private static String message(Throwable failure) {
        String message = failure.getMessage();
        boolean explainsItself = failure instanceof AssertionError && message != null;
        return (explainsItself ? message : failure.toString()).strip();
    }

    /** The way from the test to the throw; of an assertion only the lines that stand in the test's own class. */
    private static List<String> frames(Throwable failure, TestIdentifier id) {
        String testClass = "";
        String testMethod = "";
        TestSource source = id.getSource().orElse(null);
        if (source instanceof MethodSource method) {
            testClass = method.getClassName();
            testMethod = method.getMethodName();
        } else if (source instanceof ClassSource type) {
            testClass = type.getClassName();
        }
        List<StackTraceElement> way = new ArrayList<>();
        for (StackTraceElement frame : failure.getStackTrace()) {
            if (MACHINERY.stream().noneMatch(frame.getClassName()::startsWith)) {
                way.add(frame);
            }
            if (frame.getClassName().equals(testClass) && frame.getMethodName().equals(testMethod)) {
                break;
            }
        }
        String own = testClass;
        Predicate<StackTraceElement> inTest = frame -> frame.getClassName().equals(own);
        boolean onlyTest = failure instanceof AssertionError && way.stream().anyMatch(inTest);
        return way.stream()
                .filter(frame -> !onlyTest || inTest.test(frame))
                .map(frame -> frame.getClassName() + "." + frame.getMethodName() + "(" + frame.getFileName() + ":"
                        + frame.getLineNumber() + ")")
                .toList();
    }

    private static String reason(Throwable aborted) {
        String message = aborted.getMessage();
        return message == null ? aborted.toString() : message.replaceFirst("^Assumption failed: ", "");
    }

    private static boolean isEngine(TestIdentifier id) {
        return id.getParentId().isEmpty();
    }

    private boolean isTopLevel(TestIdentifier id) {
        return plan.getParent(id).map(ConsoleListener::isEngine).orElse(true);
    }

    /** Two blanks for every container between the engine and this one. */
    private String indent(TestIdentifier id) {
        StringBuilder indent = new StringBuilder();
        Optional<TestIdentifier> parent = plan.getParent(id);
        while (parent.isPresent() && !isEngine(parent.get())) {
            indent.append("  ");
            parent = plan.getParent(parent.get());
        }
        return indent.toString();
    }

    private void print(String line) {
        (fixedOut == null ? System.out : fixedOut).println(line);
    }
}
