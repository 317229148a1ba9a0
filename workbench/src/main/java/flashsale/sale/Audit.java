package flashsale.sale;

import flashsale.sale.Answer.NeverReturned;
import flashsale.sale.Answer.Threw;
import flashsale.sale.Answer.Told;
import flashsale.sale.Answer.Unknown;
import flashsale.sale.SaleRecord.Wish;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Compares what the buyers were told with the books. A pure function: equal records get equal findings. */
public final class Audit {

    private final SaleRecord sale;
    private final int remaining;
    private final int refunded;
    private final Map<String, Integer> promised;
    private final boolean ordersEvicted;
    private final List<Finding> findings = new ArrayList<>();

    private Audit(SaleRecord sale) {
        this.sale = sale;
        this.remaining = sale.books().remaining().orElse(0);
        this.refunded = sum(sale.books().refunded().values());
        this.promised = unitsPerBuyer(distinctRequests(Audit::isSold));
        this.ordersEvicted = !sale.stockKeys().containsAll(sale.evicted());
    }

    /** Everything that is wrong with the sale, in the order of {@link Verdict}; empty if the sale is clean. */
    public static List<Finding> of(SaleRecord sale) {
        Audit audit = new Audit(sale);
        audit.compareTotalsWithTheOpeningStock();
        audit.compareEachBuyerWithTheBooks();
        audit.judgeEachRefusal();
        audit.judgeEachCallThatGaveNoAnswer();
        audit.judgeTheNewcomer();
        audit.findings.sort(Comparator.comparing(Finding::verdict));
        return List.copyOf(audit.findings);
    }

    private void compareTotalsWithTheOpeningStock() {
        int stock = sale.stock();
        int recorded = sale.books().sold();
        // A refunded unit may be sold again, so what a buyer was promised and gave back no longer counts.
        int kept = 0;
        for (var entry : promised.entrySet()) {
            kept += Math.max(0, entry.getValue() - sale.books().refunded().getOrDefault(entry.getKey(), 0));
        }
        int sold = Math.max(kept, recorded);
        if (sold > stock) {
            report(Verdict.OVERSOLD, sold + " sold, " + stock + " existed");
        }
        int accounted = remaining + recorded;
        if (accounted < stock) {
            report(
                    Verdict.LOST_STOCK,
                    stock + " existed, " + recorded + " recorded, " + remainingInWords() + ": " + (stock - accounted)
                            + " gone",
                    !sale.evicted().isEmpty());
        }
        // With nothing left on sale the same arithmetic is an oversell, reported above.
        if (accounted > stock && remaining > 0) {
            report(
                    Verdict.PHANTOM_STOCK,
                    stock + " existed, " + recorded + " recorded, and still " + remaining + " on sale");
        }
    }

    private void compareEachBuyerWithTheBooks() {
        Map<String, List<Integer>> unknown = new HashMap<>();
        for (Wish wish : distinctRequests(Audit::isUnknown)) {
            unknown.computeIfAbsent(wish.purchase().buyer(), b -> new ArrayList<>())
                    .add(wish.purchase().quantity());
        }
        for (String buyer : everyBuyer()) {
            int told = promised.getOrDefault(buyer, 0);
            int orders = sale.books().orders().getOrDefault(buyer, 0);
            int held = orders + sale.books().refunded().getOrDefault(buyer, 0);
            if (held < told) {
                report(
                        Verdict.LOST_ORDER,
                        buyer + " was told " + told + " sold, the books hold " + held,
                        ordersEvicted);
            } else if (!subsetSums(told, unknown.getOrDefault(buyer, List.of())).contains(held)) {
                report(Verdict.PHANTOM_ORDER, "the books hold " + held + " for " + buyer + ", who was told " + told);
            }
            if (sale.limit().isPresent() && orders > sale.limit().getAsInt()) {
                report(
                        Verdict.OVER_LIMIT,
                        buyer + " holds " + orders + ", the limit is "
                                + sale.limit().getAsInt(),
                        ordersEvicted);
            }
        }
    }

    private void judgeEachRefusal() {
        Set<String> pursued = requests(wish -> !wish.answer().equals(new Told(Outcome.CONTENDED)));
        for (Wish wish : sale.wishes()) {
            if (!(wish.answer() instanceof Told told)) {
                continue;
            }
            Purchase purchase = wish.purchase();
            String asked = purchase.buyer() + " asked for " + purchase.quantity() + " and was told " + told.outcome();
            switch (told.outcome()) {
                case SOLD -> {}
                case SOLD_OUT, NO_SUCH_SALE -> {
                    // Units that came back after the refusal do not make a liar of it.
                    if (remaining - refunded >= purchase.quantity()) {
                        report(Verdict.TURNED_AWAY, asked + ", " + remaining + " remained");
                    }
                }
                case CONTENDED -> {
                    // A client that repeats the request until it ends otherwise has not given up.
                    if (remaining >= purchase.quantity() && !pursued.contains(key(wish))) {
                        report(Verdict.GAVE_UP, asked + ", " + remaining + " remained");
                    }
                }
                case LIMIT_REACHED -> {
                    int held = sale.books().orders().getOrDefault(purchase.buyer(), 0)
                            + sale.books().refunded().getOrDefault(purchase.buyer(), 0);
                    if (sale.limit().isEmpty()) {
                        report(Verdict.WRONG_LIMIT, asked + ", but this sale has no limit");
                    } else if (held + purchase.quantity() <= sale.limit().getAsInt()) {
                        report(
                                Verdict.WRONG_LIMIT,
                                asked + ", holding " + held + " of "
                                        + sale.limit().getAsInt(),
                                ordersEvicted);
                    }
                }
            }
        }
    }

    private void judgeEachCallThatGaveNoAnswer() {
        for (Wish wish : sale.wishes()) {
            if (wish.answer() instanceof Threw threw) {
                report(Verdict.FAILED, wish.purchase().buyer() + "'s purchase threw " + threw.error());
            } else if (wish.answer() instanceof NeverReturned never) {
                report(Verdict.STUCK, wish.purchase().buyer() + "'s call never returns: " + never.waitingFor());
            }
        }
    }

    private void judgeTheNewcomer() {
        sale.newcomer().ifPresent(answer -> {
            if (remaining >= 1 && !answer.equals(new Told(Outcome.SOLD))) {
                report(
                        Verdict.STUCK,
                        remaining + " remained, but a newcomer " + describe(answer) + " after every lease had run out");
            }
        });
    }

    private static String describe(Answer answer) {
        if (answer instanceof Told told) {
            return "was told " + told.outcome();
        } else if (answer instanceof Threw threw) {
            return "got " + threw.error();
        } else if (answer instanceof Unknown unknown) {
            return "got no answer (" + unknown.why() + ")";
        }
        return "waited for ever";
    }

    /** A repeated request is one wish: it is counted once, and as sold if any of its calls was told so. */
    private List<Wish> distinctRequests(Predicate<Wish> which) {
        Set<String> sold = requests(Audit::isSold);
        Map<String, Wish> distinct = new LinkedHashMap<>();
        for (Wish wish : sale.wishes()) {
            if (which.test(wish) && (isSold(wish) || !sold.contains(key(wish)))) {
                distinct.putIfAbsent(key(wish), wish);
            }
        }
        return List.copyOf(distinct.values());
    }

    private Set<String> requests(Predicate<Wish> which) {
        return sale.wishes().stream().filter(which).map(Audit::key).collect(Collectors.toSet());
    }

    private static boolean isSold(Wish wish) {
        return wish.answer().equals(new Told(Outcome.SOLD));
    }

    private static boolean isUnknown(Wish wish) {
        return wish.answer() instanceof Unknown || wish.answer() instanceof NeverReturned;
    }

    private static String key(Wish wish) {
        return wish.purchase().buyer() + '\n' + wish.purchase().requestId();
    }

    private static Map<String, Integer> unitsPerBuyer(List<Wish> wishes) {
        Map<String, Integer> units = new TreeMap<>();
        wishes.forEach(
                wish -> units.merge(wish.purchase().buyer(), wish.purchase().quantity(), Integer::sum));
        return units;
    }

    private Set<String> everyBuyer() {
        Set<String> buyers = new TreeSet<>(sale.books().orders().keySet());
        buyers.addAll(sale.books().refunded().keySet());
        sale.wishes().forEach(wish -> buyers.add(wish.purchase().buyer()));
        return buyers;
    }

    /** What the books may hold: all that was promised, and of each unknown wish all its units or none. */
    private static Set<Integer> subsetSums(int promised, List<Integer> unknown) {
        Set<Integer> sums = new HashSet<>(Set.of(promised));
        for (int quantity : unknown) {
            for (int sum : List.copyOf(sums)) {
                sums.add(sum + quantity);
            }
        }
        return sums;
    }

    private String remainingInWords() {
        return sale.books().remaining().isPresent() ? remaining + " on sale" : "no stock key";
    }

    private static int sum(Collection<Integer> units) {
        return units.stream().mapToInt(Integer::intValue).sum();
    }

    private void report(Verdict verdict, String evidence) {
        report(verdict, evidence, false);
    }

    private void report(Verdict verdict, String evidence, boolean byFault) {
        findings.add(new Finding(verdict, evidence, byFault));
    }
}
