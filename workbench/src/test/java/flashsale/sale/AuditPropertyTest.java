package flashsale.sale;

import static org.assertj.core.api.Assertions.assertThat;

import flashsale.sale.Answer.Told;
import flashsale.sale.SaleRecord.Wish;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Thousands of small random sales, each from its own seed, so that a failure names the sale that shows it. */
@DisplayName("The audit of random sales")
class AuditPropertyTest {

    private static final int SALES = 3000;

    @Test
    void finds_nothing_wrong_with_a_correct_sale_whatever_is_wished_returned_repeated_or_lost() {
        Set<Outcome> seen = EnumSet.noneOf(Outcome.class);
        for (int seed = 0; seed < SALES; seed++) {
            SaleRecord sale = new RandomSale(seed).play();
            assertThat(Audit.of(sale)).as("seed %d: %s", seed, sale).isEmpty();
            answers(sale).filter(Told.class::isInstance).forEach(told -> seen.add(((Told) told).outcome()));
        }
        assertThat(seen)
                .containsExactlyInAnyOrder(Outcome.SOLD, Outcome.SOLD_OUT, Outcome.LIMIT_REACHED, Outcome.CONTENDED);
    }

    /** What can be wrong with one sale, by a single unit or a single word. */
    enum Mutation {
        A_UNIT_MORE_ON_SALE,
        A_UNIT_LESS_ON_SALE,
        A_UNIT_MORE_IN_AN_ORDER,
        A_UNIT_LESS_IN_AN_ORDER,
        A_UNIT_MORE_GIVEN_BACK,
        A_UNIT_IN_THE_ORDER_OF_SOMEBODY_ELSE,
        A_SALE_TOLD_AS_A_REFUSAL,
        A_REFUSAL_TOLD_AS_A_SALE
    }

    @ParameterizedTest
    @EnumSource
    void finds_something_wrong_after_any_mutation(Mutation mutation) {
        int mutated = 0;
        for (int seed = 0; seed < SALES; seed++) {
            SaleRecord sale = new RandomSale(seed).withEveryReply().play();
            Optional<SaleRecord> wrong = mutate(sale, mutation);
            if (wrong.isPresent()) {
                mutated++;
                assertThat(Audit.of(wrong.get()))
                        .as("seed %d: %s", seed, wrong.get())
                        .isNotEmpty();
            }
        }
        assertThat(mutated).as("sales that could be mutated").isGreaterThan(SALES / 2);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"A_UNIT_MORE_ON_SALE", "A_UNIT_LESS_ON_SALE", "A_UNIT_MORE_IN_AN_ORDER", "A_UNIT_LESS_IN_AN_ORDER"
            })
    void finds_a_wrong_sum_even_when_replies_were_lost(Mutation mutation) {
        for (int seed = 0; seed < SALES; seed++) {
            Optional<SaleRecord> wrong = mutate(new RandomSale(seed).play(), mutation);
            int number = seed;
            wrong.ifPresent(sale ->
                    assertThat(Audit.of(sale)).as("seed %d: %s", number, sale).isNotEmpty());
        }
    }

    private static Optional<SaleRecord> mutate(SaleRecord sale, Mutation mutation) {
        int remaining = sale.books().remaining().orElseThrow();
        Map<String, Integer> orders = new TreeMap<>(sale.books().orders());
        Map<String, Integer> refunded = new TreeMap<>(sale.books().refunded());
        List<Wish> wishes = new ArrayList<>(sale.wishes());
        String somebody = orders.keySet().stream().findFirst().orElse(null);
        switch (mutation) {
            case A_UNIT_MORE_ON_SALE -> remaining++;
            case A_UNIT_LESS_ON_SALE -> remaining--;
            case A_UNIT_MORE_IN_AN_ORDER -> orders.merge("buyer-0", 1, Integer::sum);
            case A_UNIT_LESS_IN_AN_ORDER -> {
                if (somebody == null) {
                    return Optional.empty();
                }
                orders.merge(somebody, -1, Integer::sum);
            }
            case A_UNIT_MORE_GIVEN_BACK -> refunded.merge("buyer-0", 1, Integer::sum);
            case A_UNIT_IN_THE_ORDER_OF_SOMEBODY_ELSE -> {
                if (somebody == null) {
                    return Optional.empty();
                }
                orders.merge(somebody, -1, Integer::sum);
                orders.merge("somebody else", 1, Integer::sum);
            }
            case A_SALE_TOLD_AS_A_REFUSAL -> {
                return tellOtherwise(sale, Outcome.SOLD, Outcome.SOLD_OUT);
            }
            case A_REFUSAL_TOLD_AS_A_SALE -> {
                return tellOtherwise(sale, Outcome.SOLD_OUT, Outcome.SOLD);
            }
        }
        return Optional.of(new SaleRecord(
                sale.stock(),
                sale.limit(),
                wishes,
                new Books(OptionalInt.of(remaining), orders, refunded),
                sale.newcomer(),
                sale.evicted(),
                sale.stockKeys()));
    }

    /** Every call of the first request that was told this is told that. */
    private static Optional<SaleRecord> tellOtherwise(SaleRecord sale, Outcome told, Outcome instead) {
        Optional<Purchase> request = sale.wishes().stream()
                .filter(wish -> wish.answer().equals(new Told(told)))
                .map(Wish::purchase)
                .findFirst();
        return request.map(purchase -> new SaleRecord(
                sale.stock(),
                sale.limit(),
                sale.wishes().stream()
                        .map(wish -> wish.purchase().equals(purchase) ? new Wish(purchase, new Told(instead)) : wish)
                        .toList(),
                sale.books(),
                sale.newcomer(),
                sale.evicted(),
                sale.stockKeys()));
    }

    private static Stream<Answer> answers(SaleRecord sale) {
        return sale.wishes().stream().map(Wish::answer);
    }

    /** A correct sale in memory, its buyers one after the other, and everything about it drawn from the seed. */
    private static final class RandomSale {

        private final Random random;
        private final int stock;
        private final OptionalInt limit;
        private final Map<String, Integer> orders = new TreeMap<>();
        private final Map<String, Integer> refunded = new TreeMap<>();
        private final Map<String, Outcome> answered = new HashMap<>();
        private final List<Wish> wishes = new ArrayList<>();
        private boolean losesReplies = true;
        private int remaining;

        RandomSale(int seed) {
            random = new Random(seed);
            stock = random.nextInt(12);
            limit = random.nextBoolean() ? OptionalInt.of(1 + random.nextInt(4)) : OptionalInt.empty();
            remaining = stock;
        }

        RandomSale withEveryReply() {
            losesReplies = false;
            return this;
        }

        SaleRecord play() {
            int count = random.nextInt(16);
            for (int i = 0; i < count; i++) {
                String buyer = "buyer-" + random.nextInt(5);
                Purchase purchase = new Purchase(buyer, 1 + random.nextInt(3), "request-" + i);
                ask(purchase);
                if (random.nextInt(3) == 0) {
                    ask(purchase);
                }
                if (random.nextInt(4) == 0) {
                    giveBack("buyer-" + random.nextInt(5));
                }
            }
            Optional<Answer> newcomer = remaining > 0 ? Optional.of(new Told(Outcome.SOLD)) : Optional.empty();
            Books books = new Books(OptionalInt.of(remaining), orders, refunded);
            return new SaleRecord(stock, limit, wishes, books, newcomer, Set.of(), Story.STOCK_KEY);
        }

        private void ask(Purchase purchase) {
            while (random.nextInt(4) == 0 && answered.get(purchase.requestId()) == null) {
                wishes.add(new Wish(purchase, new Told(Outcome.CONTENDED)));
            }
            Outcome outcome = answered.get(purchase.requestId());
            if (outcome != Outcome.SOLD) {
                outcome = buy(purchase);
                answered.put(purchase.requestId(), outcome);
            }
            boolean lost = losesReplies && random.nextInt(6) == 0;
            wishes.add(new Wish(purchase, lost ? new Answer.Unknown("the reply was lost") : new Told(outcome)));
        }

        private Outcome buy(Purchase purchase) {
            int held = orders.getOrDefault(purchase.buyer(), 0);
            if (remaining < purchase.quantity()) {
                return Outcome.SOLD_OUT;
            } else if (limit.isPresent() && held + purchase.quantity() > limit.getAsInt()) {
                return Outcome.LIMIT_REACHED;
            }
            remaining -= purchase.quantity();
            orders.merge(purchase.buyer(), purchase.quantity(), Integer::sum);
            return Outcome.SOLD;
        }

        private void giveBack(String buyer) {
            Integer held = orders.get(buyer);
            if (held != null && held > 0) {
                orders.put(buyer, held - 1);
                refunded.merge(buyer, 1, Integer::sum);
                remaining++;
            }
        }
    }
}
