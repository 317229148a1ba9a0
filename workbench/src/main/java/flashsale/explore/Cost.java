package flashsale.explore;

import java.util.Comparator;
import java.util.List;

/**
 * How long a schedule is to a reader: fewest faults first, then preemptions, then choices. A preemption is a switch
 * away from a buyer who could have gone on.
 */
final class Cost {

    static final Comparator<Cost> SHORTEST_FIRST = Comparator.comparingInt(Cost::faults)
            .thenComparingInt(Cost::preemptions)
            .thenComparingInt(Cost::choices);

    private int faults;
    private int preemptions;
    private int choices;
    private int running = -1;

    int faults() {
        return faults;
    }

    int preemptions() {
        return preemptions;
    }

    int choices() {
        return choices;
    }

    /** Counts one more choice. */
    void add(List<Choice> enabled, Choice choice) {
        if (choice.isFault()) {
            faults++;
        }
        if (preempts(enabled, choice)) {
            preemptions++;
        }
        choices++;
        if (choice.runs() >= 0) {
            running = choice.runs();
        }
    }

    /** Whether the choice switches away from the buyer who ran last although that buyer could have gone on. */
    boolean preempts(List<Choice> enabled, Choice choice) {
        return choice.runs() >= 0
                && running >= 0
                && choice.runs() != running
                && enabled.contains(new Choice.Next(running));
    }
}
