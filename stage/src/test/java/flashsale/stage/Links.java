package flashsale.stage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The links of a Markdown file that stay inside the repository, and whether there is something where they lead. */
final class Links {

    private static final Pattern FENCED = Pattern.compile("(?ms)^ *(```+|~~~+).*?^ *\\1`*~* *$");
    private static final Pattern INLINE_CODE = Pattern.compile("`[^`\n]+`");
    private static final Pattern LINK = Pattern.compile("\\]\\(\\s*<?([^)>\\s]+)>?(?:\\s+\"[^\"]*\")?\\s*\\)"
            + "|(?m)^ *\\[[^\\]]+\\]:\\s*<?([^>\\s]+)"
            + "|(?:href|src)=\"([^\"]+)\"");
    private static final Pattern ELSEWHERE = Pattern.compile("(?i)[a-z][a-z0-9+.-]*:.*|//.*");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6}\\s+(.*?)\\s*#*\\s*$");
    private static final Pattern NAMED = Pattern.compile("(?:id|name)=\"([^\"]+)\"");
    private static final Pattern LINES = Pattern.compile("L(\\d+)(?:-L(\\d+))?");

    private Links() {}

    /** Each link that leads nowhere, and why. */
    static List<String> broken(Path root, Path document) throws IOException {
        List<String> broken = new ArrayList<>();
        String prose = INLINE_CODE
                .matcher(withoutFences(Files.readString(document, UTF_8)))
                .replaceAll("");
        Matcher link = LINK.matcher(prose);
        while (link.find()) {
            String target =
                    link.group(1) != null ? link.group(1) : link.group(2) != null ? link.group(2) : link.group(3);
            if (!ELSEWHERE.matcher(target).matches()) {
                String problem = problem(root, document, target);
                if (!problem.isEmpty()) {
                    broken.add(target + ": " + problem);
                }
            }
        }
        return broken;
    }

    private static String problem(Path root, Path document, String target) throws IOException {
        int hash = target.indexOf('#');
        String path = URLDecoder.decode(hash < 0 ? target : target.substring(0, hash), UTF_8);
        String anchor = hash < 0 ? "" : URLDecoder.decode(target.substring(hash + 1), UTF_8);
        Path file = document;
        if (path.startsWith("/")) {
            file = root.resolve(path.substring(1)).normalize();
        } else if (!path.isEmpty()) {
            file = document.resolveSibling(path).normalize();
        }
        if (!file.startsWith(root)) {
            return "leads out of the repository";
        } else if (!Files.exists(file)) {
            return "there is no such file";
        } else if (anchor.isEmpty()) {
            return "";
        }
        return hasAnchor(file, anchor) ? "" : "the file has no such place";
    }

    private static boolean hasAnchor(Path file, String anchor) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        String text = Files.readString(file, UTF_8);
        if (file.toString().endsWith(".md")) {
            return anchors(text).contains(anchor);
        }
        Matcher lines = LINES.matcher(anchor);
        if (!lines.matches()) {
            return false;
        }
        int last = Integer.parseInt(lines.group(2) == null ? lines.group(1) : lines.group(2));
        return last <= text.lines().count();
    }

    /** The places of a Markdown file, as GitHub names them. */
    static Set<String> anchors(String markdown) {
        String text = withoutFences(markdown);
        Set<String> anchors = new HashSet<>();
        Map<String, Integer> seen = new HashMap<>();
        Matcher heading = HEADING.matcher(text);
        while (heading.find()) {
            String plain = heading.group(1).replaceAll("!?\\[([^\\]]*)\\]\\([^)]*\\)", "$1");
            String anchor = plain.toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{M}\\p{N}_\\- ]", "")
                    .replace(' ', '-');
            int times = seen.merge(anchor, 1, Integer::sum);
            anchors.add(times == 1 ? anchor : anchor + "-" + (times - 1));
        }
        Matcher named = NAMED.matcher(text);
        while (named.find()) {
            anchors.add(named.group(1));
        }
        return anchors;
    }

    private static String withoutFences(String markdown) {
        return FENCED.matcher(markdown.replace("\r\n", "\n")).replaceAll("");
    }
}
