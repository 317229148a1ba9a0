package flashsale.explore;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Writes down what happens in a schedule: in full for a replay, and only as much as faults ask for in a search. */
final class TraceWriter {

    private final Scenario scenario;
    private final Keyspace keyspace;
    private final boolean full;
    private final Set<String> stepClasses = new HashSet<>();
    private final List<TraceEntry> entries = new ArrayList<>();
    private final List<List<String>> commands = new ArrayList<>();

    TraceWriter(Scenario scenario, Keyspace keyspace, Class<?> step, boolean full) {
        this.scenario = scenario;
        this.keyspace = keyspace;
        this.full = full;
        for (Class<?> type = step; type != null && type != Object.class; type = type.getSuperclass()) {
            stepClasses.add(type.getName());
        }
        scenario.buyers().forEach(buyer -> commands.add(new ArrayList<>()));
    }

    /** The line of the step's source that is sending a command on the calling thread; 0 if nobody wants to know. */
    int callingLine() {
        if (!full) {
            return 0;
        }
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame ->
                                stepClasses.contains(frame.getClassName().replaceFirst("\\$.*", ""))
                                        || stepClasses.contains(frame.getClassName()))
                        .mapToInt(StackWalker.StackFrame::getLineNumber)
                        .findFirst()
                        .orElse(0));
    }

    void sent(Choice choice, int buyer, List<String> words, List<List<String>> queued, Object reply, int line) {
        if (!full && !scenario.faults().confined()) {
            return;
        }
        String prefix = scenario.keys().key("");
        String text = queued.isEmpty() ? CommandText.of(words, prefix) : CommandText.ofTransaction(queued, prefix);
        commands.get(buyer).add(text);
        if (full) {
            entries.add(new TraceEntry(choice, text, CommandText.reply(reply), line, stock()));
        }
    }

    void struck(Choice choice) {
        if (full) {
            entries.add(new TraceEntry(choice, "", "", 0, stock()));
        }
    }

    private String stock() {
        return keyspace.peek(scenario.keys().stock());
    }

    List<TraceEntry> entries() {
        return List.copyOf(entries);
    }

    List<List<String>> commands() {
        return commands;
    }
}
