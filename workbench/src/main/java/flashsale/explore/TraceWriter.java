package flashsale.explore;

import java.util.ArrayList;
import java.util.List;

/** Writes down what happens in a schedule: in full for a replay, and only as much as faults ask for in a search. */
final class TraceWriter {

    private final Scenario scenario;
    private final KeyNames names;
    private final Keyspace keyspace;
    private final Class<?> step;
    private final boolean full;
    private final RandomNames randoms = new RandomNames();
    private final List<TraceEntry> entries = new ArrayList<>();
    private final List<List<String>> commands = new ArrayList<>();

    TraceWriter(Scenario scenario, KeyNames names, Keyspace keyspace, Class<?> step, boolean full) {
        this.scenario = scenario;
        this.names = names;
        this.keyspace = keyspace;
        this.step = step;
        this.full = full;
        scenario.buyers().forEach(buyer -> commands.add(new ArrayList<>()));
    }

    /** The line of the step's source that is sending a command on the calling thread; 0 if nobody wants to know. */
    int callingLine() {
        if (!full) {
            return 0;
        }
        return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .walk(frames -> frames.filter(frame -> belongsToStep(frame.getDeclaringClass()))
                        .mapToInt(StackWalker.StackFrame::getLineNumber)
                        .findFirst()
                        .orElse(0));
    }

    private boolean belongsToStep(Class<?> code) {
        return code != Object.class && code.getNestHost().isAssignableFrom(step);
    }

    /** Whether anybody asks what was sent. */
    boolean wantsCommands() {
        return full || scenario.faults().confined();
    }

    void sent(Choice choice, int buyer, List<String> words, List<List<String>> queued, Object reply, int line) {
        if (!wantsCommands()) {
            return;
        }
        String prefix = names.prefix();
        String text = queued.isEmpty()
                ? CommandText.of(randoms.in(words), prefix)
                : CommandText.ofTransaction(queued.stream().map(randoms::in).toList(), prefix);
        if (!(choice instanceof Choice.Tick)) {
            commands.get(buyer).add(text);
        }
        if (full) {
            entries.add(new TraceEntry(
                    choice, text, CommandText.reply(randoms.in(CommandText.whole(reply))), line, stock()));
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
