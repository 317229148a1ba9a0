package flashsale.stage;

import flashsale.explore.Claim;
import flashsale.explore.Scenario;
import flashsale.lua.LuaLesson;
import flashsale.naive.NaiveLesson;
import flashsale.redisson.RedissonLesson;
import flashsale.setnx.SetnxLesson;
import flashsale.watch.WatchLesson;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Everything that the lessons claim, and how to find it by name.
 *
 * @param claims in the order of the lessons
 */
record Lessons(List<Claim> claims) {

    /** Every lesson of the workbook; a new one is added here. */
    static final Lessons ALL = new Lessons(Stream.of(
                    NaiveLesson.claims(),
                    WatchLesson.claims(),
                    SetnxLesson.claims(),
                    LuaLesson.claims(),
                    RedissonLesson.claims())
            .flatMap(List::stream)
            .toList());

    private static final Pattern A_LESSON = Pattern.compile("(?:lesson)?(\\d{1,4})(-.*)?");

    /**
     * What somebody asked for by name.
     *
     * @param claims in the order of the lessons, none twice
     * @param steps the steps that were named themselves, and not only by their lesson
     */
    record Selection(List<Claim> claims, Set<String> steps) {}

    /**
     * Finds the claims of lessons and steps.
     *
     * @param names steps, or lessons by folder, by {@code lesson01} or by number; if none is given, all are meant
     * @throws BadArgumentException naming the first that is neither, with the nearest that is
     */
    Selection select(List<String> names) {
        Set<Claim> chosen = new LinkedHashSet<>();
        Set<String> steps = new TreeSet<>();
        for (String name : names) {
            List<Claim> found = claimsWhere(claim -> isLesson(claim, name));
            if (found.isEmpty() && (looksLikeLesson(name) || isNearlyALesson(name))) {
                throw new BadArgumentException("unknown lesson " + name + "; "
                        + Nearest.to(name, lessonNames())
                                .map(lesson -> "did you mean " + lesson + "?")
                                .orElseGet(() -> Nearest.hint(name, folders())));
            } else if (found.isEmpty()) {
                found = ofStep(name);
                steps.add(found.get(0).step().name());
            }
            chosen.addAll(found);
        }
        return new Selection(names.isEmpty() ? claims : claimsWhere(chosen::contains), steps);
    }

    /**
     * Every claim of one step.
     *
     * @throws BadArgumentException with the nearest name, if there is no such step
     */
    List<Claim> ofStep(String name) {
        List<Claim> found = stepsNamed(name);
        if (found.isEmpty()) {
            throw new BadArgumentException("unknown step " + name + "; " + Nearest.hint(name, steps()));
        }
        return found;
    }

    /**
     * The claim of one step in one scenario.
     *
     * @param step the step's name
     * @param scenario the scenario's name, as it is or as a slug
     * @throws BadArgumentException with the nearest name, if there is no such step or scenario
     */
    Claim of(String step, String scenario) {
        List<Claim> ofStep = ofStep(step);
        for (Claim claim : ofStep) {
            if (slug(claim.scenario()).equals(slug(scenario))) {
                return claim;
            }
        }
        List<String> slugs =
                ofStep.stream().map(claim -> slug(claim.scenario())).toList();
        throw new BadArgumentException(ofStep.get(0).step().name() + " has no scenario " + scenario + "; "
                + Nearest.hint(slug(scenario), slugs));
    }

    /** A scenario's name without blanks and commas: {@code two-buyers-one-ticket}. */
    static String slug(Scenario scenario) {
        return slug(scenario.name());
    }

    private static String slug(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "-").replaceAll("^-|-$", "");
    }

    private List<Claim> claimsWhere(Predicate<Claim> which) {
        return claims.stream().filter(which).toList();
    }

    private static boolean isLesson(Claim claim, String name) {
        String typed = name.toLowerCase(Locale.ROOT).replaceFirst("/$", "");
        String folder = claim.step().lesson();
        Matcher asked = A_LESSON.matcher(typed);
        Matcher own = A_LESSON.matcher(folder);
        boolean byNumber = asked.matches()
                && asked.group(2) == null
                && own.matches()
                && Integer.parseInt(asked.group(1)) == Integer.parseInt(own.group(1));
        return typed.equals(folder) || byNumber;
    }

    private static boolean looksLikeLesson(String name) {
        return A_LESSON.matcher(name.toLowerCase(Locale.ROOT)).matches();
    }

    /** Not a lesson's name, but close to one, and to no step's. */
    private boolean isNearlyALesson(String name) {
        return stepsNamed(name).isEmpty()
                && Nearest.to(name, steps()).isEmpty()
                && Nearest.to(name, lessonNames()).isPresent();
    }

    private List<Claim> stepsNamed(String name) {
        return claimsWhere(claim -> claim.step().name().equalsIgnoreCase(name));
    }

    /** Folders, and the short names that stand for them. */
    private List<String> lessonNames() {
        return folders().stream()
                .flatMap(folder -> Stream.of(folder, folder.replaceFirst("-.*", "")))
                .toList();
    }

    private List<String> folders() {
        return claims.stream().map(claim -> claim.step().lesson()).distinct().toList();
    }

    private List<String> steps() {
        return claims.stream().map(claim -> claim.step().name()).distinct().toList();
    }
}
