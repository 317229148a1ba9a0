package flashsale.report;

import flashsale.explore.Choice;
import flashsale.explore.Scenario;
import flashsale.explore.TraceEntry;
import java.util.List;

/**
 * One row of a timeline: what one buyer sent, or what happened instead.
 *
 * @param command whether this is a command, which should fit its buyer's column; anything else runs on to the right
 * @param buyer in whose column it starts; what concerns no buyer starts in the first
 * @param text the command, or what happened in words
 * @param reply what came of the command, with its arrow; empty if nothing did
 * @param line the step's line, or empty
 * @param stock what the stock key held afterwards
 */
record TimelineRow(boolean command, int buyer, String text, String reply, String line, String stock) {

    private static final String FAULT = "✗ ";
    private static final String BESIDE = "↻ ";
    private static final String ARROW = " → ";

    /**
     * @param scenario knows the buyers' names, and who shares a process, so that a crash hits them all
     */
    static TimelineRow of(TraceEntry entry, Scenario scenario) {
        Choice choice = entry.choice();
        if (entry.command().isEmpty()) {
            return new TimelineRow(false, column(choice), inWords(choice, scenario), "", "", entry.stock());
        }
        boolean lost = choice instanceof Choice.LoseReply;
        return new TimelineRow(
                true,
                column(choice),
                (choice instanceof Choice.Tick ? BESIDE : "") + Text.oneLine(entry.command()),
                (entry.reply().isEmpty() ? "" : ARROW + Text.oneLine(entry.reply())) + (lost ? " ✗ reply lost" : ""),
                entry.line() == 0 ? "" : String.valueOf(entry.line()),
                entry.stock());
    }

    /** The row's content in so much room; of a long command and a long reply, each gets its share. */
    String fit(int width) {
        if (text.length() + reply.length() <= width || reply.isEmpty()) {
            return Text.clip(text + reply, width);
        }
        int forReply = Math.min(reply.length(), Math.max(width / 2, width - text.length()));
        return Text.clip(text, width - forReply) + Text.clip(reply, forReply);
    }

    int length() {
        return text.length() + reply.length();
    }

    private static int column(Choice choice) {
        if (choice instanceof Choice.Crash crash) {
            return crash.buyer();
        } else if (choice instanceof Choice.Wake wake) {
            return wake.buyer();
        }
        return Math.max(0, choice.runs());
    }

    private static String inWords(Choice choice, Scenario scenario) {
        List<Scenario.Buyer> buyers = scenario.buyers();
        if (choice instanceof Choice.Begin begin) {
            return "· " + buyers.get(begin.buyer()).name() + " begins";
        } else if (choice instanceof Choice.Wake wake) {
            return "· nobody else can run: time passes, and "
                    + buyers.get(wake.buyer()).name() + " wakes";
        } else if (choice instanceof Choice.LeaseEnd end) {
            return "· nobody can run: time passes, and the lease of " + end.key() + " ends";
        } else if (choice instanceof Choice.Crash crash) {
            List<String> everybody = scenario.servedWith(crash.buyer());
            return FAULT + "crash of "
                    + (everybody.size() > 1
                            ? "the process of " + everybody(everybody)
                            : everybody.get(0) + "'s process");
        } else if (choice instanceof Choice.Expire expire) {
            return FAULT + "the lease of " + expire.key() + " ends (paused longer than the lease)";
        } else if (choice instanceof Choice.Evict evict) {
            return FAULT + "the server evicts " + evict.key();
        } else if (choice instanceof Choice.FlushScripts) {
            return FAULT + "the server's script cache is emptied";
        } else if (choice instanceof Choice.LoseReply) {
            return FAULT + "reply lost";
        }
        return "· no command";
    }

    private static String everybody(List<String> buyers) {
        int last = buyers.size() - 1;
        return String.join(", ", buyers.subList(0, last)) + " and " + buyers.get(last);
    }
}
