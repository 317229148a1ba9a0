package flashsale.stage;

import flashsale.explore.Scenario;
import flashsale.explore.Schedule;
import flashsale.explore.Step;

/** What to type to see a schedule again. */
final class ReplayLine {

    private ReplayLine() {}

    static String of(Step step, Scenario scenario, Schedule schedule) {
        String text = schedule.toString();
        String quoted = text.indexOf(' ') < 0 ? text : "'" + text + "'"; // a key may hold a blank
        return "mvn -q compile exec:java -pl stage -Dexec.args=\"replay " + step.name() + "/" + Lessons.slug(scenario)
                + " " + quoted + "\"";
    }
}
