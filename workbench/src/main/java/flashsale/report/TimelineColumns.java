package flashsale.report;

import java.util.List;

/**
 * Where each buyer's column starts, and where the last one ends. Every row holds one buyer's command only, so what is
 * too long for its column runs on through the empty ones to its right; columns are made narrow before text is cut.
 */
final class TimelineColumns {

    private static final int GAP = 3;
    private static final int NARROWEST = 8;
    private static final int NARROWEST_LAST = 30;

    private final int[] widths;

    /** @param room how wide all buyers' columns together should be at most */
    TimelineColumns(List<String> names, List<TimelineRow> rows, int room) {
        widths = names.stream().mapToInt(name -> Math.min(name.length(), room)).toArray();
        for (TimelineRow row : rows) {
            if (row.command()) {
                widths[row.buyer()] = Math.max(widths[row.buyer()], row.length());
            }
        }
        for (TimelineRow row : rows) {
            int missing = row.length() - roomFor(row.buyer());
            widths[last()] += Math.max(0, missing);
        }
        for (int widest = widest(); total() > room && widest >= 0; widest = widest()) {
            widths[widest]--;
        }
        int tooMuch = Math.max(0, total() - room);
        widths[last()] = Math.max(Math.min(widths[last()], NARROWEST_LAST), widths[last()] - tooMuch);
    }

    /** The header: the buyers' names. */
    String names(List<String> names) {
        StringBuilder header = new StringBuilder();
        for (int buyer = 0; buyer < widths.length; buyer++) {
            header.append(Text.pad(Text.clip(names.get(buyer), widths[buyer]), widths[buyer]));
            header.append(" ".repeat(buyer == last() ? 0 : GAP));
        }
        return header.toString();
    }

    /** A row's content, at its place. */
    String place(TimelineRow row) {
        String before = " ".repeat(total() - roomFor(row.buyer()));
        return Text.pad(before + row.fit(roomFor(row.buyer())), total());
    }

    private int last() {
        return widths.length - 1;
    }

    private int total() {
        return roomFor(0);
    }

    /** From the start of this buyer's column to the end of the last. */
    private int roomFor(int buyer) {
        int room = 0;
        for (int i = buyer; i < widths.length; i++) {
            room += widths[i] + (i == last() ? 0 : GAP);
        }
        return room;
    }

    /** The widest column that can still be made narrower without cutting anything off at the right, or -1. */
    private int widest() {
        int widest = -1;
        for (int i = 0; i < last(); i++) {
            if (widths[i] > NARROWEST && (widest < 0 || widths[i] > widths[widest])) {
                widest = i;
            }
        }
        return widest;
    }
}
