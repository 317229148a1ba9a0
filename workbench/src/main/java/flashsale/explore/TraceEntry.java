package flashsale.explore;

/**
 * One line of a timeline: a choice of a schedule, and what came of it.
 *
 * @param choice what happened
 * @param command the command that was sent, keys without the {@code sale:{item}:} that they share; empty if none was
 * @param reply what Redis replied, or empty
 * @param line the line of the step's source that sent the command, or 0
 * @param stock what the stock key held afterwards, or a dash if it held no number
 */
public record TraceEntry(Choice choice, String command, String reply, int line, String stock) {}
