package flashsale.stage;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import flashsale.explore.Exploration;
import flashsale.explore.Fault;
import flashsale.explore.Scenario;
import flashsale.explore.Schedule;
import flashsale.sale.Verdict;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Results for programs: one array, one object for each step and scenario. */
final class VerdictsJson {

    private static final Gson GSON = new GsonBuilder()
            .serializeNulls()
            .disableHtmlEscaping()
            .setPrettyPrinting()
            .create();

    /** The object of one step in one scenario; its components are the keys. */
    private record Entry(
            String lesson,
            String step,
            String scenario,
            int buyers,
            int stock,
            List<String> faults,
            int schedules,
            int cut,
            int capped,
            boolean proved,
            Map<Verdict, Integer> verdicts,
            String counterexample) {

        static Entry of(Exploration exploration) {
            Scenario scenario = exploration.scenario();
            return new Entry(
                    exploration.step().lesson(),
                    exploration.step().name(),
                    scenario.name(),
                    scenario.buyers().size(),
                    scenario.stock(),
                    new TreeSet<>(scenario.faultKinds())
                            .stream().map(Fault::name).toList(),
                    exploration.schedules(),
                    exploration.cut(),
                    exploration.capped(),
                    exploration.proved(),
                    exploration.verdicts(),
                    exploration.counterexample().map(Schedule::toString).orElse(null));
        }
    }

    private VerdictsJson() {}

    static String of(List<Result> results) {
        return GSON.toJson(results.stream()
                        .map(result -> Entry.of(result.exploration()))
                        .toList())
                + "\n";
    }
}
