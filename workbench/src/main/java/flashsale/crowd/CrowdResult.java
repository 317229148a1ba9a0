package flashsale.crowd;

import flashsale.sale.Answer.NeverReturned;
import flashsale.sale.Answer.Threw;
import flashsale.sale.Answer.Told;
import flashsale.sale.Finding;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleRecord;
import flashsale.sale.SaleRecord.Wish;
import flashsale.sale.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;

/**
 * What became of a crowd.
 *
 * @param sale every purchase that was made, with its answer, and the books
 * @param findings what the audit finds wrong with it, in the order of {@link Verdict}; empty if nothing
 * @param neverAsked purchases whose turn had not come when time ran out
 * @param stillRunning names of threads that ignored their interrupt; daemons, so they do not keep the JVM alive
 * @param latency microseconds, one value for each purchase that was made, the newcomer's left out; a call that never
 *     returned counts with the time until it was given up
 * @param took from the common start to the last answer
 */
public record CrowdResult(
        SaleRecord sale,
        List<Finding> findings,
        List<Purchase> neverAsked,
        List<String> stillRunning,
        Histogram latency,
        Duration took) {

    /** Copies what could change. */
    public CrowdResult {
        findings = List.copyOf(findings);
        neverAsked = List.copyOf(neverAsked);
        stillRunning = List.copyOf(stillRunning);
        latency = latency.copy();
    }

    /** A copy of the histogram, in microseconds. */
    @Override
    public Histogram latency() {
        return latency.copy();
    }

    /**
     * The time that so many of a hundred purchases did not exceed, in microseconds; 0 if none was made.
     *
     * @param percentile from 0 to 100, such as 50, 99 or 99.9; 100 is the slowest purchase
     */
    public long latencyMicros(double percentile) {
        return latency.getValueAtPercentile(percentile);
    }

    /** Nothing is wrong with the sale, and everybody was asked. */
    public boolean isClean() {
        return findings.isEmpty() && !timedOut();
    }

    /** Time ran out before everybody had an answer. */
    public boolean timedOut() {
        return !neverAsked.isEmpty() || count(NeverReturned.class) > 0;
    }

    /** How many purchases were told what; outcomes that nobody was told are left out. */
    public Map<Outcome, Integer> told() {
        Map<Outcome, Integer> told = new EnumMap<>(Outcome.class);
        for (Wish wish : sale.wishes()) {
            if (wish.answer() instanceof Told answer) {
                told.merge(answer.outcome(), 1, Integer::sum);
            }
        }
        return Collections.unmodifiableMap(told);
    }

    /**
     * One line without timings, such as
     * {@code 500 buyers, 640 units wanted, 100 existed: 83 sold (100 units), 417 sold out; clean}. A request that was
     * repeated wants its units once. Of several findings with one verdict only the first is told.
     */
    public String summary() {
        List<Purchase> all = new ArrayList<>(neverAsked);
        List<Purchase> sold = new ArrayList<>();
        for (Wish wish : sale.wishes()) {
            all.add(wish.purchase());
            if (wish.answer().equals(new Told(Outcome.SOLD))) {
                sold.add(wish.purchase());
            }
        }
        List<String> ends = new ArrayList<>();
        told().forEach((outcome, count) -> ends.add(count + " "
                + outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + (outcome == Outcome.SOLD && units(sold) != count ? " (" + counted(units(sold), "unit") + ")" : "")));
        addUnlessNone(ends, count(Threw.class), "threw");
        addUnlessNone(ends, count(NeverReturned.class), "never returned");
        addUnlessNone(ends, neverAsked.size(), "never asked");
        long buyers = all.stream().map(Purchase::buyer).distinct().count();
        return counted(buyers, "buyer") + ", " + counted(units(all), "unit") + " wanted, " + sale.stock() + " existed: "
                + String.join(", ", ends) + "; " + verdict();
    }

    private String verdict() {
        List<String> words = new ArrayList<>();
        Map<Verdict, List<Finding>> byVerdict = new EnumMap<>(Verdict.class);
        findings.forEach(finding -> byVerdict
                .computeIfAbsent(finding.verdict(), verdict -> new ArrayList<>())
                .add(finding));
        byVerdict.forEach(
                (verdict, alike) -> words.add(alike.get(0).toString().strip().replaceAll("\\s+", " ")
                        + (alike.size() > 1 ? " (and " + (alike.size() - 1) + " more)" : "")));
        if (timedOut()) {
            words.add("time ran out");
        }
        addUnlessNone(words, stillRunning.size(), "still running");
        return words.isEmpty() ? "clean" : String.join("; ", words);
    }

    /**
     * One line about speed, such as
     * {@code 500 purchases in 42 ms: half within 0.5 ms, 99 % within 3.1 ms, all within 4.0 ms}.
     */
    public String speed() {
        return String.format(
                Locale.ROOT,
                "%s in %d ms: half within %.1f ms, 99 %% within %.1f ms, all within %.1f ms",
                counted(latency.getTotalCount(), "purchase"),
                took.toMillis(),
                latencyMicros(50) / 1000.0,
                latencyMicros(99) / 1000.0,
                latencyMicros(100) / 1000.0);
    }

    @Override
    public String toString() {
        return summary();
    }

    private long count(Class<?> kind) {
        return sale.wishes().stream()
                .filter(wish -> kind.isInstance(wish.answer()))
                .count();
    }

    private static long units(List<Purchase> purchases) {
        Set<List<String>> requests = new HashSet<>();
        return purchases.stream()
                .filter(purchase -> requests.add(List.of(purchase.buyer(), purchase.requestId())))
                .mapToLong(Purchase::quantity)
                .sum();
    }

    private static void addUnlessNone(List<String> words, long count, String what) {
        if (count > 0) {
            words.add(count + " " + what);
        }
    }

    private static String counted(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
