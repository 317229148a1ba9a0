package flashsale.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes down what happens in a schedule: in full for a replay, and only as much as faults ask for in a search. */
final class TraceWriter {

    private final Scenario scenario;
    private final KeyNames names;
    private final Keyspace keyspace;
    private final Class<?> step;
    private final List<String> stockKeys;
    private final boolean full;
    private final RandomNames randoms = new RandomNames();
    private final List<TraceEntry> entries = new ArrayList<>();
    private final List<List<String>> commands = new ArrayList<>();

    TraceWriter(
            Scenario scenario, KeyNames names, Keyspace keyspace, Class<?> step, List<String> stockKeys, boolean full) {
        this.scenario = scenario;
        this.names = names;
        this.keyspace = keyspace;
        this.step = step;
        this.stockKeys = stockKeys;
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
        String text = queued.isEmpty()
                ? CommandText.of(randoms.in(words), names)
                : CommandText.ofTransaction(queued.stream().map(randoms::in).toList(), names);
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

    /** What remains; where the stock is split, as a sum of its parts. */
    private String stock() {
        return stockKeys.stream().map(keyspace::peek).collect(Collectors.joining("+"));
    }

    List<TraceEntry> entries() {
        return List.copyOf(entries);
    }

    List<List<String>> commands() {
        return commands;
    }
}
