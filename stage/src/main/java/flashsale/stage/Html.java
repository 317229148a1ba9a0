package flashsale.stage;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Small pieces of HTML. */
final class Html {

    private Html() {}

    /** Text in which nothing is markup. */
    static String text(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** A cell for each text, none of which is markup. */
    static String cells(String tag, List<String> texts) {
        return texts.stream()
                .map(text -> "<" + tag + ">" + text(text) + "</" + tag + ">")
                .collect(Collectors.joining());
    }

    /** From 0 on, one for each element. */
    static Stream<Integer> indexes(List<?> list) {
        return IntStream.range(0, list.size()).boxed();
    }
}
