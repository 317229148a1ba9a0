package flashsale.report.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

@DisplayName("What a test run prints")
class ConsoleListenerTest {

    @Test
    @DisplayName("prints the class first, a test's own output next, then how the test ended")
    void printsInReadingOrder() {
        assertThat(printedBy(Sale.class)).isEqualTo("""

                A sale of one ticket
                  a timeline that the test printed
                  ✔ tells one buyer that it is sold
                  ✘ sells one ticket twice
                      [units sold]\s
                      expected: 1
                       but was: 2
                      at flashsale.report.console.ConsoleListenerTest$Sale.fails(ConsoleListenerTest.java:n)
                  ✘ cannot read the stock
                      java.lang.IllegalStateException: no stock
                      at flashsale.report.console.ConsoleListenerTest$Sale.readStock(ConsoleListenerTest.java:n)
                      at flashsale.report.console.ConsoleListenerTest$Sale.throwsUp(ConsoleListenerTest.java:n)
                      caused by java.lang.ArithmeticException: / by zero
                      at flashsale.report.console.ConsoleListenerTest$Sale.readStock(ConsoleListenerTest.java:n)
                  ○ runs in a container · skipped: no Docker engine answers
                  ○ runs on a cluster · skipped: not before lesson 2
                  sells out with
                    ✔ 2 buyers
                    ✔ 3 buyers
                  With a limit
                    ✔ stops at the limit
                """);
    }

    @Test
    @DisplayName("tells what failed outside the tests")
    void tellsWhatFailedOutsideTheTests() {
        assertThat(printedBy(BrokenSetUp.class)).isEqualTo("""

                A sale that cannot open
                ✘ outside the tests of: A sale that cannot open
                    java.lang.IllegalStateException: no server
                    at flashsale.report.console.ConsoleListenerTest$BrokenSetUp.open(ConsoleListenerTest.java:n)
                """);
    }

    @Test
    @DisplayName("names a class that is skipped as a whole, and why")
    void namesSkippedClass() {
        assertThat(printedBy(SkippedSale.class)).isEqualTo("""

                A sale for later
                  ○ skipped: nothing to sell yet
                """);
    }

    private static String printedBy(Class<?> tests) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, UTF_8);
        PrintStream before = System.out;
        System.setOut(out);
        try {
            LauncherConfig onlyThisListener = LauncherConfig.builder()
                    .enableTestExecutionListenerAutoRegistration(false)
                    .enableLauncherSessionListenerAutoRegistration(false)
                    .addTestExecutionListeners(new ConsoleListener(out))
                    .build();
            LauncherFactory.create(onlyThisListener)
                    .execute(LauncherDiscoveryRequestBuilder.request()
                            .selectors(selectClass(tests))
                            .build());
        } finally {
            System.setOut(before);
        }
        return bytes.toString(UTF_8).replace(System.lineSeparator(), "\n").replaceAll("\\.java:\\d+\\)", ".java:n)");
    }

    // Neither Surefire nor JUnit runs the classes below by themselves: they are nested, but not @Nested.

    @DisplayName("A sale of one ticket")
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class Sale {

        @Test
        @Order(1)
        @DisplayName("tells one buyer that it is sold")
        void passes() {
            System.out.println("  a timeline that the test printed");
        }

        @Test
        @Order(2)
        @DisplayName("sells one ticket twice")
        void fails() {
            assertThat(2).as("units sold").isEqualTo(1);
        }

        @Test
        @Order(3)
        @DisplayName("cannot read the stock")
        void throwsUp() {
            readStock();
        }

        @Test
        @Order(4)
        @DisplayName("runs in a container")
        void aborts() {
            assumeTrue(false, "no Docker engine answers");
        }

        @Test
        @Order(5)
        @Disabled("not before lesson 2")
        @DisplayName("runs on a cluster")
        void skips() {}

        @ParameterizedTest(name = "{0} buyers")
        @Order(6)
        @ValueSource(ints = {2, 3})
        @DisplayName("sells out with")
        void sellsOut(int buyers) {
            assertThat(buyers).isPositive();
        }

        private static void readStock() {
            try {
                System.out.println(1 / Integer.parseInt("0"));
            } catch (ArithmeticException e) {
                throw new IllegalStateException("no stock", e);
            }
        }

        @Nested
        @DisplayName("With a limit")
        class WithLimit {

            @Test
            @DisplayName("stops at the limit")
            void stops() {}
        }
    }

    @DisplayName("A sale that cannot open")
    static class BrokenSetUp {

        @BeforeAll
        static void open() {
            throw new IllegalStateException("no server");
        }

        @Test
        void neverRuns() {}
    }

    @Disabled("nothing to sell yet")
    @DisplayName("A sale for later")
    static class SkippedSale {

        @Test
        void neverRuns() {}
    }
}
