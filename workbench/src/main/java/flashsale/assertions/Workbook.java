package flashsale.assertions;

import flashsale.explore.Claim;
import flashsale.explore.Counterexample;
import flashsale.explore.Exploration;
import flashsale.explore.Explorer;
import flashsale.explore.Schedule;
import flashsale.redis.RedisServer;
import flashsale.redis.RedisServers;
import flashsale.report.ProofLine;
import flashsale.report.Timeline;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** Entry points of a lesson's tests. What they find they also print, for the student who runs them. */
public final class Workbook {

    /** Set to a schedule, a test runs that schedule alone and shows what happens. */
    private static final String SCHEDULE = "schedule";

    private Workbook() {}

    /** Explores a claim on the server that the workbook uses, and prints the shortest counterexample that it met, or the proof. */
    public static Exploration explore(Claim claim) {
        return explore(claim, RedisServers.shared());
    }

    /** Explores a claim on this server, and prints the shortest counterexample that it met, or the proof. */
    public static Exploration explore(Claim claim, RedisServer server) {
        Explorer explorer = Explorer.on(server);
        String asked = System.getProperty(SCHEDULE);
        if (asked != null) {
            throw replayed(explorer.replay(claim.step(), claim.scenario(), Schedule.parse(asked)));
        }
        Exploration exploration = explorer.explore(claim);
        Optional<Schedule> shortest = exploration.counterexample();
        System.out.println();
        if (shortest.isPresent()) {
            Counterexample counterexample = explorer.replay(claim.step(), claim.scenario(), shortest.get());
            System.out.print(
                    Timeline.of(counterexample, Optional.of(exploration), replayCommand(claim, shortest.get())));
        } else {
            System.out.print(ProofLine.of(exploration));
        }
        return exploration;
    }

    /** Explores without printing: for the copies with their protection removed, which are no step of any lesson. */
    public static Exploration exploreQuietly(Claim claim) {
        return Explorer.on(RedisServers.shared()).explore(claim);
    }

    private static TestAbortedException replayed(Counterexample counterexample) {
        System.out.println();
        System.out.print(Timeline.of(counterexample, Optional.empty(), ""));
        return new TestAbortedException("this one schedule was replayed; the test's own claim was not checked");
    }

    /** What to type to see the same schedule again. */
    private static String replayCommand(Claim claim, Schedule schedule) {
        return "mvn test -pl " + claim.step().lesson() + " -Dtest="
                + callingTest().orElse(claim.step().name() + "Test") + " -Dschedule=" + schedule;
    }

    private static Optional<String> callingTest() {
        List<StackWalker.StackFrame> frames = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .walk(stack -> stack.filter(frame -> isTest(frame.getDeclaringClass(), frame.getMethodName()))
                        .toList());
        return frames.stream()
                .findFirst()
                .map(frame -> frame.getDeclaringClass().getSimpleName() + "#" + frame.getMethodName());
    }

    private static boolean isTest(Class<?> type, String method) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(declared -> declared.getName().equals(method))
                .anyMatch(Workbook::isTest);
    }

    private static boolean isTest(Method method) {
        return method.isAnnotationPresent(Test.class);
    }
}
