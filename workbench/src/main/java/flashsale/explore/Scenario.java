package flashsale.explore;

import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import flashsale.sale.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Who buys what, and what may go wrong meanwhile. Immutable: every method that changes something returns a copy.
 *
 * <p>Each buyer is served by a process (an application server) of its own, with its own instance of the step and its
 * own connections, unless {@link #inOneProcess()} says otherwise.
 */
public final class Scenario implements Cloneable {

    private static final int MOST_BUYERS = 6;

    private String name;
    private SaleKeys keys = new SaleKeys("concert");
    private int stock = 1;
    private OptionalInt limit = OptionalInt.empty();
    private List<Buyer> buyers = List.of();
    private Faults faults = Faults.NONE;
    private int attempts = 10;
    private boolean oneProcess;
    private boolean alike;
    private Set<String> together = Set.of();
    private Set<Verdict> allowed = Set.of();

    /** A client, and what it wants to buy, one purchase after the other. */
    public record Buyer(String name, List<Purchase> purchases) {}

    /**
     * A point of a schedule at which a fault may strike. It tells how far each buyer has come, and not in which order
     * they came there: two schedules that differ only in that are one to the search.
     *
     * @param fault what could happen
     * @param commands for each buyer, by number, the commands that it has executed, oldest first; keys are written
     *     without the {@code sale:{item}:} that they share
     */
    public record Moment(Choice fault, List<List<String>> commands) {}

    private Scenario(String name) {
        this.name = name;
    }

    /**
     * A scenario without buyers yet: item {@code concert}, stock 1, no limit, no faults, at most 10 attempts.
     *
     * @param name a few words in lower case, unique within a step, such as {@code two buyers, one ticket}
     */
    public static Scenario named(String name) {
        return new Scenario(name);
    }

    /** A unit for each of so many buyers: too many for a search, and enough for one schedule. */
    static Scenario unitForEach(int buyers) {
        atLeastOne("buyers", buyers);
        Scenario scenario = named(buyers + " buyers").stock(buyers).attempts(buyers + 1);
        scenario.buyers = IntStream.rangeClosed(1, buyers)
                .mapToObj(i -> new Purchase("buyer-" + i, 1, "buyer-" + i + "-1"))
                .map(purchase -> new Buyer(purchase.buyer(), List.of(purchase)))
                .toList();
        return scenario;
    }

    /** The same scenario under another name. */
    public Scenario called(String otherName) {
        Scenario copy = copy();
        copy.name = otherName;
        return copy;
    }

    /** Sells this. @throws IllegalArgumentException if the item is blank or holds a brace or a blank */
    public Scenario item(String what) {
        Scenario copy = copy();
        copy.keys = new SaleKeys(what);
        return copy;
    }

    /** Opens with so many units, from 0. @throws IllegalArgumentException if negative */
    public Scenario stock(int units) {
        Scenario copy = copy();
        copy.stock = SaleKeys.checkStock(units);
        return copy;
    }

    /** No buyer may hold more units than this, from 1. */
    public Scenario limit(int units) {
        Scenario copy = copy();
        copy.limit = OptionalInt.of(atLeastOne("limit", units));
        return copy;
    }

    /** Adds a buyer who makes one purchase for each quantity, one after the other. */
    public Scenario buyer(String buyer, int... quantities) {
        List<Purchase> purchases = new ArrayList<>();
        for (int quantity : quantities) {
            purchases.add(new Purchase(buyer, quantity, buyer + "-" + (purchases.size() + 1)));
        }
        return client(buyer, purchases.toArray(Purchase[]::new));
    }

    /** Adds a client that makes these purchases, one after the other; several clients may act for one buyer. */
    public Scenario client(String client, Purchase... purchases) {
        if (buyers.size() == MOST_BUYERS) {
            throw new IllegalArgumentException("scenario \"" + name + "\" has more than " + MOST_BUYERS
                    + " buyers; all their interleavings would never end: send a crowd instead");
        }
        Scenario copy = copy();
        copy.alike = false;
        copy.buyers = new ArrayList<>(buyers);
        copy.buyers.add(new Buyer(client, List.of(purchases)));
        copy.buyers = List.copyOf(copy.buyers);
        return copy;
    }

    /** One fault, of any of these kinds, may strike in a schedule. */
    public Scenario oneFault(Fault... kinds) {
        return faults(1, kinds);
    }

    /** At most so many faults, of any of these kinds, may strike in a schedule. */
    public Scenario faults(int atMost, Fault... kinds) {
        Scenario copy = copy();
        copy.faults = new Faults(Set.of(kinds), atLeastOne("faults", atMost), faults.when());
        return copy;
    }

    /** Faults strike at such moments only; what this leaves out, a proof does not cover. */
    public Scenario onlyWhen(Predicate<Moment> moment) {
        Scenario copy = copy();
        copy.faults = new Faults(faults.kinds(), faults.budget(), moment);
        return copy;
    }

    /** Stops a buyer who sends the same command to the same key more often than this within one purchase. */
    public Scenario attempts(int most) {
        Scenario copy = copy();
        copy.attempts = atLeastOne("attempts", most);
        return copy;
    }

    /** All buyers are served by one process: one instance of the step, with its JVM locks and its memory. */
    public Scenario inOneProcess() {
        Scenario copy = copy();
        copy.alike = false;
        copy.oneProcess = true;
        return copy;
    }

    /**
     * These buyers are served by one process: one instance of the step, with its JVM locks and its memory. Every other
     * buyer still has a process of its own.
     *
     * @param first a buyer that was added before
     * @param second another
     * @param names perhaps more of them
     * @throws IllegalArgumentException if one of them is no buyer of this scenario, or the first is the second
     */
    public Scenario inOneProcess(String first, String second, String... names) {
        Set<String> all = new TreeSet<>(List.of(names));
        all.add(first);
        all.add(second);
        for (String one : all) {
            if (all.size() < 2
                    || buyers.stream().noneMatch(buyer -> buyer.name().equals(one))) {
                throw new IllegalArgumentException("buyers in one process are " + all
                        + ", but must be at least two that were added before to the scenario \"" + name + "\"");
            }
        }
        Scenario copy = copy();
        copy.alike = false;
        copy.together = Set.copyOf(all);
        return copy;
    }

    /**
     * The buyers are alike, so only schedules are searched in which they begin in the order in which they were added: every
     * other schedule is one of these with its buyers exchanged (symmetry reduction, Ip and Dill 1996). Say so last, and
     * not of a step that treats buyers by their names, such as one that deals them out to shards.
     *
     * @throws IllegalArgumentException if they do not all want the same, or some share a process
     */
    public Scenario buyersAreAlike() {
        boolean wantTheSame = buyers.stream()
                        .map(buyer -> buyer.purchases().stream()
                                .map(Purchase::quantity)
                                .toList())
                        .distinct()
                        .count()
                == 1;
        if (!wantTheSame || sharesProcesses()) {
            throw new IllegalArgumentException("the buyers of the scenario \"" + name
                    + "\" are not alike: they want different quantities, or share a process");
        }
        Scenario copy = copy();
        copy.alike = true;
        return copy;
    }

    /** These verdicts do not count against a proof; the chapter should say why. */
    public Scenario allowing(Verdict... verdicts) {
        Scenario copy = copy();
        copy.allowed = Set.of(verdicts);
        return copy;
    }

    /** A few words, unique within a step. */
    public String name() {
        return name;
    }

    /** What is sold. */
    public String item() {
        return keys.item();
    }

    /** Units at the opening. */
    public int stock() {
        return stock;
    }

    /** The most units for one buyer, or empty. */
    public OptionalInt limit() {
        return limit;
    }

    /** Who buys, in the order of their letters. */
    public List<Buyer> buyers() {
        return buyers;
    }

    /** The kinds of fault that may strike. */
    public Set<Fault> faultKinds() {
        return faults.kinds();
    }

    /** What may go wrong, in words: {@code no faults}, or {@code at most one crash}. */
    public String faultsInWords() {
        return faults.toString();
    }

    /** Verdicts that do not count against a proof. */
    public Set<Verdict> allowed() {
        return allowed;
    }

    /** Whether the search makes use of it that the buyers are alike. */
    boolean alike() {
        return alike;
    }

    Faults faults() {
        return faults;
    }

    int attempts() {
        return attempts;
    }

    /** Whether some process serves more than one buyer. */
    boolean sharesProcesses() {
        return oneProcess || !together.isEmpty();
    }

    /** Whether the process that serves this buyer serves somebody else, too. */
    boolean sharesProcess(int buyer) {
        return oneProcess || together.contains(buyers.get(buyer).name());
    }

    /** The names of all buyers whom the process of this buyer serves, by the buyer's number, from 0. */
    public List<String> servedWith(int buyer) {
        return IntStream.range(0, buyers.size())
                .filter(other -> process(other) == process(buyer))
                .mapToObj(other -> buyers.get(other).name())
                .toList();
    }

    SaleKeys keys() {
        return keys;
    }

    /** The number of the process that serves a buyer; processes are counted from 0, in the order of the buyers. */
    int process(int buyer) {
        int process = 0;
        for (int before = 0; before < buyer; before++) {
            if (sharesProcess(before) && sharesProcess(buyer)) {
                return process(before);
            }
            process += isFirstOfItsProcess(before) ? 1 : 0;
        }
        return process;
    }

    private boolean isFirstOfItsProcess(int buyer) {
        return !sharesProcess(buyer) || IntStream.range(0, buyer).noneMatch(this::sharesProcess);
    }

    private static int atLeastOne(String field, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(field + " is " + value + ", but must be a whole number from 1");
        }
        return value;
    }

    private Scenario copy() {
        try {
            return (Scenario) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
