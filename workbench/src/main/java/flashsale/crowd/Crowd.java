package flashsale.crowd;

import flashsale.sale.Answer;
import flashsale.sale.Audit;
import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import flashsale.sale.SaleRecord;
import flashsale.sale.SaleRecord.Wish;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Many buyers who all want the same thing at the same moment. Immutable: every method that changes something returns a
 * copy, and one crowd may buy from many sales.
 *
 * <pre>{@code
 * CrowdResult result = Crowd.buyers(500).wanting(i -> 1 + i % 3).buy(sale, 100);
 * System.out.println(result.summary());
 * }</pre>
 */
public final class Crowd {

    private static final int THREADS = 32;
    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Purchase NEWCOMER = new Purchase("a newcomer", 1, "newcomer-1");

    private final List<Purchase> purchases;
    private final OptionalInt limit;
    private final int threads;
    private final Duration within;
    private final Environment environment;

    private Crowd(List<Purchase> purchases, OptionalInt limit, int threads, Duration within, Environment environment) {
        this.purchases = purchases;
        this.limit = limit;
        this.threads = threads;
        this.within = within;
        this.environment = environment;
    }

    /**
     * Buyers {@code buyer-1}, {@code buyer-2} and so on, who want one unit each: 32 threads, 60 seconds, no limit.
     *
     * @param count how many, from 1
     * @throws IllegalArgumentException if the count is below 1
     */
    public static Crowd buyers(int count) {
        atLeastOne("buyers", count);
        return of(IntStream.rangeClosed(1, count)
                .mapToObj(i -> new Purchase("buyer-" + i, 1, "buyer-" + i + "-1"))
                .toList());
    }

    /**
     * The buyers who make these purchases: 32 threads, 60 seconds, no limit. Purchases of one buyer are made one after
     * the other, in the order of the list.
     *
     * @throws IllegalArgumentException if there are none, or one is made by {@code a newcomer}, who comes later
     */
    public static Crowd of(List<Purchase> purchases) {
        if (purchases.isEmpty()) {
            throw new IllegalArgumentException("purchases is [], but must hold at least one purchase");
        }
        if (purchases.stream().anyMatch(purchase -> purchase.buyer().equals(NEWCOMER.buyer()))) {
            throw new IllegalArgumentException("buyer is \"" + NEWCOMER.buyer()
                    + "\", but must be another name: this one asks for a unit when the crowd has gone");
        }
        return new Crowd(List.copyOf(purchases), OptionalInt.empty(), THREADS, WITHIN, Environment.REAL);
    }

    /**
     * The same purchases with other quantities.
     *
     * @param quantity units, from 1, for each purchase by its number, from 0
     * @throws IllegalArgumentException if a quantity is below 1
     */
    public Crowd wanting(IntUnaryOperator quantity) {
        List<Purchase> others = IntStream.range(0, purchases.size())
                .mapToObj(i -> new Purchase(
                        purchases.get(i).buyer(),
                        quantity.applyAsInt(i),
                        purchases.get(i).requestId()))
                .toList();
        return new Crowd(others, limit, threads, within, environment);
    }

    /**
     * The audit holds the sale to a limit. The sale has to know it by itself.
     *
     * @param units the most units that one buyer may hold, from 1
     * @throws IllegalArgumentException if below 1
     */
    public Crowd limit(int units) {
        return new Crowd(purchases, OptionalInt.of(atLeastOne("limit", units)), threads, within, environment);
    }

    /**
     * No more than so many buyers are in {@link FlashSale#buy} at once. The others wait for a thread.
     *
     * @param most from 1; a crowd of fewer buyers takes one thread for each
     * @throws IllegalArgumentException if below 1
     */
    public Crowd threads(int most) {
        return new Crowd(purchases, limit, atLeastOne("threads", most), within, environment);
    }

    /**
     * Bounds the time. Calls that run longer count as calls that never return, whoever had no turn by then is not
     * asked, and the threads are interrupted; they get as long again to end, but at most 5 seconds.
     *
     * @param time from the opening to the last answer; above zero, up to a day
     * @throws IllegalArgumentException if out of this range
     */
    public Crowd within(Duration time) {
        if (time.isZero() || time.isNegative() || time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("within is " + time + ", but must be above zero and at most " + LONGEST);
        }
        return new Crowd(purchases, limit, threads, time, environment);
    }

    Crowd in(Environment other) {
        return new Crowd(purchases, limit, threads, within, other);
    }

    /** Buys from one application server, as {@link #buy(List, int)} does from several. */
    public CrowdResult buy(FlashSale server, int stock) {
        return buy(List.of(server), stock);
    }

    /**
     * Opens the sale, lets everybody in at once, reads the books, asks for one more unit as a newcomer if any remains,
     * and audits all of it.
     *
     * <p>The first server opens the sale, reads the books and serves the newcomer. {@link FlashSale#open} and
     * {@link FlashSale#books} run on the calling thread, and what they throw comes through; they are as bounded as the
     * Redis client's timeouts. What {@link FlashSale#buy} throws is a finding. No thread outlives the call, unless it
     * ignores its interrupt: see {@link CrowdResult#stillRunning}.
     *
     * @param servers instances of one sale; the buyers are dealt out to them in turn
     * @param stock units to open with, from 0
     * @throws IllegalArgumentException if there is no server or the stock is negative; the sale is not opened then
     * @throws IllegalStateException if the calling thread is interrupted; its interrupt flag stays set
     */
    public CrowdResult buy(List<? extends FlashSale> servers, int stock) {
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("servers is [], but must hold at least one sale");
        }
        SaleKeys.checkStock(stock);
        FlashSale first = servers.get(0);
        LongSupplier nanosLeft = environment.timer().apply(within);
        first.open(stock);
        Rush rush = rush(purchases, servers, nanosLeft);
        Books books = first.books();
        List<String> stillRunning = new ArrayList<>(rush.stillRunning());
        Optional<Answer> newcomer = Optional.empty();
        if (books.remaining().orElse(0) >= 1) {
            Rush late = rush(List.of(NEWCOMER), servers, nanosLeft);
            newcomer = late.wishes().stream().map(Wish::answer).findFirst();
            stillRunning.addAll(late.stillRunning());
        }
        // The crowd takes no key away, so it does not matter which of them holds the stock.
        SaleRecord sale = new SaleRecord(stock, limit, rush.wishes(), books, newcomer, Set.of(), "stock");
        return new CrowdResult(sale, Audit.of(sale), rush.neverAsked(), stillRunning, rush.latency(), rush.took());
    }

    private Rush rush(List<Purchase> wanted, List<? extends FlashSale> servers, LongSupplier nanosLeft) {
        Rush rush = new Rush(wanted, servers);
        rush.run(threads, environment.threads(), nanosLeft, within.compareTo(GRACE) < 0 ? within : GRACE);
        return rush;
    }

    private static int atLeastOne(String field, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(field + " is " + value + ", but must be a whole number from 1");
        }
        return value;
    }
}
