package flashsale.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Output in a README that a command must print. In the file it stands between comments, which no reader sees:
 *
 * <pre>
 * &lt;!-- run: mvn -q compile exec:java -pl stage --&gt;
 * ```text
 * what it prints
 * ```
 * &lt;!-- end --&gt;
 * </pre>
 *
 * @param line the number of the line with the command, from 1
 * @param command what to run
 * @param output the lines between the fences, each with a line feed
 */
record RunBlock(int line, String command, String output) {

    private static final String RUN = "<!-- run:";
    private static final String OPEN = "```text";
    private static final String CLOSE = "```";
    private static final String END = "<!-- end -->";

    /**
     * Finds the blocks of a document.
     *
     * @throws IllegalArgumentException if a block lacks one of its parts, with the number of its first line
     */
    static List<RunBlock> in(String document) {
        List<RunBlock> blocks = new ArrayList<>();
        rewrite(document, block -> {
            blocks.add(block);
            return block.output();
        });
        return blocks;
    }

    /** The document with other output in its blocks; one that holds nothing yet gets its fences. */
    static String rewrite(String document, Function<RunBlock, String> output) {
        List<String> lines = document.lines().toList();
        StringBuilder result = new StringBuilder();
        int next = 0;
        while (next < lines.size()) {
            String line = lines.get(next);
            next++;
            result.append(line).append('\n');
            if (line.startsWith(RUN)) {
                int length = lines.subList(next, lines.size()).indexOf(END);
                require(length >= 0, next, END);
                RunBlock block = read(next, line, lines.subList(next, next + length));
                result.append(OPEN).append('\n').append(output.apply(block)).append(CLOSE + '\n' + END + '\n');
                next += length + 1;
            } else {
                require(!line.equals(END), next, RUN);
            }
        }
        return result.toString();
    }

    private static RunBlock read(int number, String marker, List<String> inside) {
        require(marker.endsWith("-->"), number, "-->");
        String command =
                marker.substring(RUN.length(), marker.length() - "-->".length()).strip();
        if (inside.isEmpty()) {
            return new RunBlock(number, command, "");
        }
        int last = inside.size() - 1;
        require(inside.get(0).equals(OPEN), number, OPEN);
        require(inside.get(last).equals(CLOSE), number, CLOSE);
        require(inside.stream().noneMatch(line -> line.startsWith(RUN)), number, END);
        StringBuilder output = new StringBuilder();
        inside.subList(1, last).forEach(line -> output.append(line).append('\n'));
        return new RunBlock(number, command, output.toString());
    }

    private static void require(boolean there, int line, String missing) {
        if (!there) {
            throw new IllegalArgumentException("line " + line + ": a block of output without its " + missing);
        }
    }
}
