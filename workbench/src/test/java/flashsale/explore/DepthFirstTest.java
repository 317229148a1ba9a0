package flashsale.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The search alone, on buyers that live in memory: each is a list of commands, {@code r} or {@code w} and a key, such
 * as {@code rx}. What a read sees, and what the keys hold at the end, is the end state.
 */
class DepthFirstTest {

    /** Runs all schedules that a scheduler wants. */
    private static final class Model {
        final List<List<String>> buyers;
        final Set<String> endStates = new HashSet<>();
        int schedules;
        int cut;

        Model(List<List<String>> buyers) {
            this.buyers = buyers;
        }

        Model runAll(Scheduler scheduler) {
            while (scheduler.startNext()) {
                if (runOne(scheduler)) {
                    schedules++;
                } else {
                    cut++;
                }
            }
            return this;
        }

        private boolean runOne(Scheduler scheduler) {
            int[] at = new int[buyers.size()];
            Map<String, String> keys = new HashMap<>();
            String[] seen = new String[buyers.size()];
            Arrays.fill(seen, "");
            while (true) {
                List<Choice> enabled = new ArrayList<>();
                for (int b = 0; b < at.length; b++) {
                    if (at[b] < buyers.get(b).size()) {
                        enabled.add(new Choice.Next(b));
                    }
                }
                if (enabled.isEmpty()) {
                    endStates.add(endState(keys, seen));
                    return true;
                }
                Choice choice = scheduler.next(enabled);
                if (choice == null) {
                    return false;
                }
                int buyer = choice.runs();
                scheduler.took(execute(buyer, at[buyer]++, keys, seen));
            }
        }

        private Effect execute(int buyer, int at, Map<String, String> keys, String[] seen) {
            String command = buyers.get(buyer).get(at);
            String key = command.substring(1);
            if (command.charAt(0) == 'r') {
                seen[buyer] += keys.getOrDefault(key, "-") + ";";
                return Effect.on(buyer, Set.of(key), Set.of());
            }
            keys.put(key, buyer + "." + at);
            return Effect.on(buyer, Set.of(), Set.of(key));
        }

        /** All end states, by walking every state that can be reached: the oracle, which shares nothing with the search. */
        Set<String> reachableEndStates() {
            Set<String> ends = new HashSet<>();
            walk(new int[buyers.size()], new HashMap<>(), emptySeen(), new HashSet<>(), ends);
            return ends;
        }

        private String[] emptySeen() {
            String[] seen = new String[buyers.size()];
            Arrays.fill(seen, "");
            return seen;
        }

        private void walk(int[] at, Map<String, String> keys, String[] seen, Set<String> visited, Set<String> ends) {
            if (!visited.add(Arrays.toString(at) + endState(keys, seen))) {
                return;
            }
            boolean over = true;
            for (int b = 0; b < at.length; b++) {
                if (at[b] < buyers.get(b).size()) {
                    over = false;
                    int[] nextAt = at.clone();
                    Map<String, String> nextKeys = new HashMap<>(keys);
                    String[] nextSeen = seen.clone();
                    execute(b, nextAt[b]++, nextKeys, nextSeen);
                    walk(nextAt, nextKeys, nextSeen, visited, ends);
                }
            }
            if (over) {
                ends.add(endState(keys, seen));
            }
        }

        private static String endState(Map<String, String> keys, String[] seen) {
            return keys.get("x") + " " + keys.get("y") + " " + String.join("|", seen);
        }
    }

    private static Model model(String... buyers) {
        return new Model(
                Arrays.stream(buyers).map(text -> List.of(text.split(" "))).toList());
    }

    private static List<List<String>> programs(List<String> alphabet, int longest) {
        List<List<String>> all = new ArrayList<>();
        List<List<String>> last = List.of(List.of());
        for (int length = 1; length <= longest; length++) {
            List<List<String>> longer = new ArrayList<>();
            for (List<String> program : last) {
                for (String command : alphabet) {
                    List<String> next = new ArrayList<>(program);
                    next.add(command);
                    longer.add(next);
                }
            }
            all.addAll(longer);
            last = longer;
        }
        return all;
    }

    /** What is found must not depend on the order of the search: every other configuration is searched backwards. */
    private static void assertAgreement(List<List<String>> buyers, int number) {
        Scheduler search = number % 2 == 0
                ? DepthFirst.withSleepSets()
                : DepthFirst.withSleepSets().lastFirst();
        assertThat(new Model(buyers).runAll(search).endStates).as("%s", buyers).isEqualTo(reachable(buyers));
    }

    private static void assertAgreement(List<List<List<String>>> configurations) {
        IntStream.range(0, configurations.size())
                .parallel()
                .forEach(number -> assertAgreement(configurations.get(number), number));
    }

    private static Set<String> reachable(List<List<String>> buyers) {
        return new Model(buyers).reachableEndStates();
    }

    @Test
    @DisplayName("every configuration of 2 buyers with up to 4 commands: sleep sets lose no end state")
    void two_buyers_of_up_to_four_commands() {
        List<List<String>> programs = programs(List.of("rx", "wx", "ry", "wy"), 4);
        List<List<List<String>>> configurations = new ArrayList<>();
        for (int a = 0; a < programs.size(); a++) {
            for (int b = a; b < programs.size(); b++) {
                // Renaming the keys makes another configuration of the same shape; one of the two is enough.
                if (programs.get(a).get(0).endsWith("x")) {
                    configurations.add(List.of(programs.get(a), programs.get(b)));
                }
            }
        }
        assertThat(configurations).hasSizeGreaterThan(25_000);
        assertAgreement(configurations);
    }

    @Test
    @DisplayName("every configuration of 3 buyers with 3 commands out of rx, wx, wy: sleep sets lose no end state")
    void three_buyers_of_three_commands() {
        List<List<String>> programs = programs(List.of("rx", "wx", "wy"), 3).stream()
                .filter(program -> program.size() == 3)
                .toList();
        List<List<List<String>>> configurations = new ArrayList<>();
        for (int a = 0; a < programs.size(); a++) {
            for (int b = a; b < programs.size(); b++) {
                for (int c = b; c < programs.size(); c++) {
                    configurations.add(List.of(programs.get(a), programs.get(b), programs.get(c)));
                }
            }
        }
        assertThat(configurations).hasSize(3_654);
        assertAgreement(configurations);
    }

    @Test
    void plain_search_runs_every_interleaving_once() {
        assertThat(model("rx rx wx wy", "rx rx wx wy").runAll(DepthFirst.plain()).schedules)
                .isEqualTo(70);
        assertThat(model("rx wx wy", "rx wx wy", "rx wx wy").runAll(DepthFirst.plain()).schedules)
                .isEqualTo(1680);
    }

    @Test
    void plain_search_and_sleep_sets_and_the_walk_over_all_states_agree() {
        List<List<String>> programs = programs(List.of("rx", "wx", "ry", "wy"), 3);
        for (List<String> a : programs) {
            for (List<String> b : programs) {
                assertThat(new Model(List.of(a, b)).runAll(DepthFirst.plain()).endStates)
                        .as("%s and %s", a, b)
                        .isEqualTo(new Model(List.of(a, b)).runAll(DepthFirst.withSleepSets()).endStates)
                        .isEqualTo(reachable(List.of(a, b)));
            }
        }
    }

    @Test
    void commands_that_touch_no_common_key_need_one_schedule() {
        Model apart = model("rx wx", "ry wy").runAll(DepthFirst.withSleepSets());

        assertThat(apart.schedules).isOne();
    }

    @Test
    void a_search_within_no_preemptions_runs_buyers_one_after_the_other() {
        DepthFirst bounded = DepthFirst.within(new DepthFirst.Bound(0, 0));

        assertThat(model("rx wx", "rx wx", "rx wx").runAll(bounded).schedules).isEqualTo(6);
        assertThat(bounded.preemptionsPruned()).isTrue();
    }

    @Test
    void with_enough_preemptions_a_bound_leaves_nothing_out() {
        DepthFirst bounded = DepthFirst.within(new DepthFirst.Bound(0, 3));

        assertThat(model("rx wx", "rx wx").runAll(bounded).schedules).isEqualTo(6);
        assertThat(bounded.preemptionsPruned()).isFalse();
    }

    @Test
    void a_program_that_is_not_the_same_every_time_is_noticed() {
        Scheduler scheduler = DepthFirst.plain();
        scheduler.startNext();
        model("rx wx", "rx wx").runOne(scheduler);

        assertThatThrownBy(() -> model("rx", "rx wx").runAll(scheduler))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("diverged at step")
                .hasMessageContaining("not deterministic");
    }
}
