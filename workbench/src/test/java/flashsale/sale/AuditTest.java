package flashsale.sale;

import static flashsale.sale.Outcome.CONTENDED;
import static flashsale.sale.Outcome.LIMIT_REACHED;
import static flashsale.sale.Outcome.NO_SUCH_SALE;
import static flashsale.sale.Outcome.SOLD;
import static flashsale.sale.Outcome.SOLD_OUT;
import static flashsale.sale.Story.ORDERS_KEY;
import static flashsale.sale.Story.STOCK_KEY;
import static flashsale.sale.Story.stock;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.sale.Answer.NeverReturned;
import flashsale.sale.Answer.Threw;
import flashsale.sale.Answer.Told;
import flashsale.sale.Answer.Unknown;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The audit")
class AuditTest {

    private static final Answer LOST_REPLY = new Unknown("the reply was lost");
    private static final Answer HANGS = new NeverReturned("the lock");

    @Nested
    class A_clean_sale {

        @Test
        void sells_everything_and_tells_the_rest_that_it_is_sold_out() {
            Story sale =
                    stock(2).told("Alice", 2, SOLD).told("Bob", 1, SOLD_OUT).recorded("Alice", 2);

            assertThat(sale.findings()).isEmpty();
        }

        @Test
        void may_keep_units_that_nobody_wanted() {
            Story sale = stock(3).told("Alice", 1, SOLD)
                    .recorded("Alice", 1)
                    .remaining(2)
                    .newcomer(new Told(SOLD));

            assertThat(sale.findings()).isEmpty();
        }

        @Test
        void may_have_no_units_and_no_buyers_at_all() {
            assertThat(stock(0).findings()).isEmpty();
        }

        @Test
        void may_take_units_back_and_sell_them_again() {
            Story sale = stock(1).told("Alice", 1, SOLD)
                    .told("Bob", 1, SOLD)
                    .refunded("Alice", 1)
                    .recorded("Bob", 1);

            assertThat(sale.findings()).isEmpty();
        }

        @Test
        void may_serve_one_buyer_several_times() {
            Story sale = stock(3).limit(3)
                    .told("Alice", 1, SOLD)
                    .told("Alice", 2, SOLD)
                    .told("Alice", 1, LIMIT_REACHED)
                    .recorded("Alice", 3);

            assertThat(sale.findings()).isEmpty();
        }
    }

    @Nested
    class Oversold {

        @Test
        void is_a_sale_that_promises_and_records_more_than_existed() {
            Story sale = stock(1).told("Alice", 1, SOLD)
                    .told("Bob", 1, SOLD)
                    .recorded("Alice", 1)
                    .recorded("Bob", 1);

            assertThat(sale.findings()).containsExactly("OVERSOLD: 2 sold, 1 existed");
        }

        @Test
        void is_a_sale_that_promises_more_than_existed_even_if_the_books_are_in_order() {
            Story sale = stock(1).told("Alice", 1, SOLD).told("Bob", 1, SOLD).recorded("Alice", 1);

            assertThat(sale.findings())
                    .containsExactly(
                            "OVERSOLD: 2 sold, 1 existed", "LOST_ORDER: Bob was told 1 sold, the books hold 0");
        }

        @Test
        void is_a_sale_that_records_more_than_existed_even_if_nobody_was_told() {
            Story sale = stock(1).ended("Alice", 1, LOST_REPLY)
                    .ended("Bob", 1, LOST_REPLY)
                    .recorded("Alice", 1)
                    .recorded("Bob", 1);

            assertThat(sale.findings()).containsExactly("OVERSOLD: 2 sold, 1 existed");
        }

        @Test
        void is_a_sale_whose_stock_went_below_zero() {
            Story sale = stock(1).told("Alice", 1, SOLD)
                    .told("Bob", 1, SOLD)
                    .recorded("Alice", 1)
                    .recorded("Bob", 1)
                    .remaining(-1);

            assertThat(sale.findings()).containsExactly("OVERSOLD: 2 sold, 1 existed");
        }

        @Test
        void is_not_a_sale_that_sells_its_last_unit() {
            Story sale = stock(2).told("Alice", 1, SOLD)
                    .told("Bob", 1, SOLD)
                    .recorded("Alice", 1)
                    .recorded("Bob", 1);

            assertThat(sale.findings()).isEmpty();
        }

        @Test
        void counts_what_one_buyer_kept_although_another_gave_units_back() {
            Story sale = stock(1).told("Alice", 1, SOLD)
                    .told("Bob", 2, SOLD)
                    .refunded("Alice", 1)
                    .recorded("Bob", 2);

            assertThat(sale.findings()).containsExactly("OVERSOLD: 2 sold, 1 existed");
        }

        @Test
        void does_not_forgive_a_promise_because_another_buyer_gave_back_what_nobody_had_sold_to_them() {
            Story sale = stock(1).told("Bob", 2, SOLD).refunded("Alice", 2).recorded("Bob", 1);

            assertThat(sale.findings())
                    .containsExactly(
                            "OVERSOLD: 2 sold, 1 existed",
                            "LOST_ORDER: Bob was told 2 sold, the books hold 1",
                            "PHANTOM_ORDER: the books hold 2 for Alice, who was told 0");
        }

        @ParameterizedTest
        @CsvSource({STOCK_KEY, ORDERS_KEY})
        void is_never_by_the_fault(String key) {
            Story sale = stock(1).told("Alice", 1, SOLD)
                    .told("Bob", 1, SOLD)
                    .recorded("Alice", 1)
                    .recorded("Bob", 1)
                    .evicted(key);

            assertThat(sale.findings()).containsExactly("OVERSOLD: 2 sold, 1 existed");
        }
    }

    @Nested
    class Lost_stock {

        @Test
        void is_a_unit_that_is_neither_on_sale_nor_in_an_order() {
            Story sale = stock(3).told("Alice", 1, SOLD).recorded("Alice", 1).remaining(1);

            assertThat(sale.findings()).containsExactly("LOST_STOCK: 3 existed, 1 recorded, 1 on sale: 1 gone");
        }

        @Test
        void is_also_a_sale_without_a_stock_key() {
            assertThat(stock(2).noStockKey().findings())
                    .containsExactly("LOST_STOCK: 2 existed, 0 recorded, no stock key: 2 gone");
        }

        @Test
        void is_not_a_sale_of_nothing_without_a_stock_key() {
            assertThat(stock(0).noStockKey().findings()).isEmpty();
        }

        @Test
        void is_a_unit_that_was_given_back_but_did_not_go_on_sale_again() {
            Story sale = stock(1).told("Alice", 1, SOLD).refunded("Alice", 1);

            assertThat(sale.findings()).containsExactly("LOST_STOCK: 1 existed, 0 recorded, 0 on sale: 1 gone");
        }

        @Test
        void is_not_a_unit_that_was_given_back_and_is_on_sale_again() {
            Story sale = stock(1).told("Alice", 1, SOLD).refunded("Alice", 1).remaining(1);

            assertThat(sale.findings()).isEmpty();
        }

        @Test
        void is_the_faults_doing_if_the_stock_key_was_evicted() {
            Story sale = stock(3).told("Alice", 1, SOLD)
                    .told("Bob", 1, NO_SUCH_SALE)
                    .recorded("Alice", 1)
                    .noStockKey()
                    .evicted(STOCK_KEY);

            assertThat(sale.findings())
                    .containsExactly("LOST_STOCK: 3 existed, 1 recorded, no stock key: 2 gone (by the fault)");
        }
    }

    @Nested
    class Phantom_stock {

        @Test
        void is_a_sold_unit_that_is_still_on_sale() {
            Story sale = stock(2).told("Alice", 1, SOLD)
                    .told("Bob", 1, SOLD)
                    .recorded("Alice", 1)
                    .recorded("Bob", 1)
                    .remaining(1);

            assertThat(sale.findings()).containsExactly("PHANTOM_STOCK: 2 existed, 2 recorded, and still 1 on sale");
        }

        @Test
        void is_a_unit_that_came_back_twice() {
            Story sale = stock(1).told("Alice", 1, SOLD).refunded("Alice", 1).remaining(2);

            assertThat(sale.findings()).containsExactly("PHANTOM_STOCK: 1 existed, 0 recorded, and still 2 on sale");
        }

        @Test
        void needs_something_on_sale_for_else_the_sale_is_just_oversold() {
            Story sale = stock(2).told("Alice", 3, SOLD).recorded("Alice", 3);

            assertThat(sale.remaining(0).findings()).containsExactly("OVERSOLD: 3 sold, 2 existed");
            assertThat(sale.remaining(1).findings())
                    .containsExactly(
                            "OVERSOLD: 3 sold, 2 existed", "PHANTOM_STOCK: 2 existed, 3 recorded, and still 1 on sale");
        }
    }

    @Nested
    class Lost_order {

        @Test
        void is_a_promise_that_the_books_do_not_know() {
            Story sale = stock(1).told("Alice", 1, SOLD).remaining(1);

            assertThat(sale.findings()).containsExactly("LOST_ORDER: Alice was told 1 sold, the books hold 0");
        }

        @Test
        void is_a_promise_that_the_books_know_in_part() {
            Story sale = stock(2).told("Alice", 2, SOLD).recorded("Alice", 1).remaining(1);

            assertThat(sale.findings()).containsExactly("LOST_ORDER: Alice was told 2 sold, the books hold 1");
        }

        @Test
        void adds_up_the_requests_of_one_buyer() {
            Story sale = stock(2).told("Alice", 1, SOLD)
                    .told("Alice", 1, SOLD)
                    .recorded("Alice", 1)
                    .remaining(1);

            assertThat(sale.findings()).containsExactly("LOST_ORDER: Alice was told 2 sold, the books hold 1");
        }

        @Test
        void is_not_a_promise_whose_units_were_given_back() {
            Story sale = stock(2).told("Alice", 2, SOLD)
                    .recorded("Alice", 1)
                    .refunded("Alice", 1)
                    .remaining(1);

            assertThat(sale.findings()).isEmpty();
        }

        @Test
        void is_the_faults_doing_if_orders_were_evicted() {
            Story sale = stock(1).told("Alice", 1, SOLD).evicted(ORDERS_KEY);

            assertThat(sale.findings())
                    .containsExactly(
                            "LOST_STOCK: 1 existed, 0 recorded, 0 on sale: 1 gone (by the fault)",
                            "LOST_ORDER: Alice was told 1 sold, the books hold 0 (by the fault)");
        }

        @Test
        void is_the_steps_doing_if_only_parts_of_a_split_stock_were_evicted() {
            SaleRecord one = stock(2).told("Alice", 1, SOLD)
                    .evicted(STOCK_KEY)
                    .evicted("another part")
                    .written();
            SaleRecord split = new SaleRecord(
                    one.stock(),
                    one.limit(),
                    one.wishes(),
                    one.books(),
                    one.newcomer(),
                    one.evicted(),
                    Set.of(STOCK_KEY, "another part"));

            assertThat(Audit.of(one)).extracting(Finding::byFault).containsExactly(true, true);
            assertThat(Audit.of(split)).extracting(Finding::byFault).containsExactly(true, false);
        }

        @Test
        void is_the_steps_doing_if_only_the_stock_was_evicted() {
            Story sale = stock(1).told("Alice", 1, SOLD).noStockKey().evicted(STOCK_KEY);

            assertThat(sale.findings())
                    .containsExactly(
                            "LOST_STOCK: 1 existed, 0 recorded, no stock key: 1 gone (by the fault)",
                            "LOST_ORDER: Alice was told 1 sold, the books hold 0");
        }
    }

    @Nested
    class Phantom_order {

        @ParameterizedTest
        @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SOLD")
        void is_an_order_of_a_buyer_who_was_told_no(Outcome no) {
            Story sale = stock(1).limit(1).told("Alice", 1, no).recorded("Alice", 1);

            assertThat(sale.findings()).containsExactly("PHANTOM_ORDER: the books hold 1 for Alice, who was told 0");
        }

        @Test
        void is_an_order_of_a_buyer_who_never_asked() {
            Story sale = stock(1).recorded("Alice", 1);

            assertThat(sale.findings()).containsExactly("PHANTOM_ORDER: the books hold 1 for Alice, who was told 0");
        }

        @Test
        void is_a_refund_to_a_buyer_who_bought_nothing() {
            Story sale = stock(1).refunded("Alice", 1).remaining(1);

            assertThat(sale.findings()).containsExactly("PHANTOM_ORDER: the books hold 1 for Alice, who was told 0");
        }

        @Test
        void is_what_the_books_hold_beyond_the_promise() {
            Story sale = stock(2).told("Alice", 1, SOLD).recorded("Alice", 2);

            assertThat(sale.findings()).containsExactly("PHANTOM_ORDER: the books hold 2 for Alice, who was told 1");
        }
    }

    @Nested
    class A_repeated_request {

        @Test
        void counts_once() {
            Story sale = stock(1).request("a", "Alice", 1, new Told(SOLD))
                    .request("a", "Alice", 1, new Told(SOLD))
                    .recorded("Alice", 1);

            assertThat(sale.findings()).isEmpty();
        }

        @Test
        void must_not_take_its_units_twice() {
            Story sale = stock(2).request("a", "Alice", 1, new Told(SOLD))
                    .request("a", "Alice", 1, new Told(SOLD))
                    .recorded("Alice", 2);

            assertThat(sale.findings()).containsExactly("PHANTOM_ORDER: the books hold 2 for Alice, who was told 1");
        }

        @Test
        void is_not_another_request_of_the_same_buyer() {
            Story sale = stock(2).request("a", "Alice", 1, new Told(SOLD))
                    .request("b", "Alice", 1, new Told(SOLD))
                    .recorded("Alice", 2);

            assertThat(sale.findings()).isEmpty();
        }

        @Test
        void is_not_a_request_of_another_buyer_with_the_same_id() {
            Story sale = stock(2).request("a", "Alice", 1, new Told(SOLD))
                    .request("a", "Bob", 1, new Told(SOLD))
                    .recorded("Alice", 1)
                    .recorded("Bob", 1);

            assertThat(sale.findings()).isEmpty();
        }

        @Test
        void is_sold_if_any_of_its_calls_was_told_so_even_if_another_lost_its_reply() {
            Story lostReplyFirst =
                    stock(2).request("a", "Alice", 1, LOST_REPLY).request("a", "Alice", 1, new Told(SOLD));
            Story lostReplyLast =
                    stock(2).request("a", "Alice", 1, new Told(SOLD)).request("a", "Alice", 1, LOST_REPLY);

            for (Story sale : List.of(lostReplyFirst, lostReplyLast)) {
                assertThat(sale.recorded("Alice", 1).remaining(1).findings()).isEmpty();
                assertThat(sale.recorded("Alice", 2).remaining(0).findings())
                        .containsExactly("PHANTOM_ORDER: the books hold 2 for Alice, who was told 1");
            }
        }

        @Test
        void may_have_taken_its_units_once_if_it_lost_its_reply_twice() {
            Story sale = stock(2).request("a", "Alice", 1, LOST_REPLY).request("a", "Alice", 1, LOST_REPLY);

            assertThat(sale.recorded("Alice", 1).remaining(1).findings()).isEmpty();
            assertThat(sale.recorded("Alice", 2).remaining(0).findings())
                    .containsExactly("PHANTOM_ORDER: the books hold 2 for Alice, who was told 0");
        }
    }

    @Nested
    class An_unknown_outcome {

        @ParameterizedTest
        @CsvSource({"0, true", "1, false", "2, true", "3, false"})
        void took_all_its_units_or_none(int recorded, boolean clean) {
            Story sale = stock(3).ended("Alice", 2, LOST_REPLY)
                    .recorded("Alice", recorded)
                    .remaining(3 - recorded);

            assertThat(sale.findings().isEmpty()).isEqualTo(clean);
        }

        @ParameterizedTest(name = "{0} units: {1}")
        @CsvSource({
            "0, LOST_ORDER",
            "1, clean",
            "2, PHANTOM_ORDER",
            "3, clean",
            "4, PHANTOM_ORDER",
            "5, clean",
            "6, PHANTOM_ORDER",
            "7, clean",
            "8, PHANTOM_ORDER"
        })
        void may_come_on_top_of_a_promise_and_of_another_unknown_outcome(int recorded, String expected) {
            Story sale = stock(8).told("Alice", 1, SOLD)
                    .ended("Alice", 2, LOST_REPLY)
                    .ended("Alice", 4, LOST_REPLY)
                    .recorded("Alice", recorded)
                    .remaining(8 - recorded);

            assertThat(verdicts(sale)).isEqualTo(expected.equals("clean") ? List.of() : List.of(expected));
        }

        @Test
        void is_no_excuse_for_another_buyer() {
            Story sale = stock(1).ended("Alice", 1, LOST_REPLY)
                    .told("Bob", 1, SOLD_OUT)
                    .recorded("Bob", 1);

            assertThat(sale.findings()).containsExactly("PHANTOM_ORDER: the books hold 1 for Bob, who was told 0");
        }

        @Test
        void is_also_that_of_a_call_that_never_returned() {
            Story sale = stock(1).ended("Alice", 1, HANGS).recorded("Alice", 1);

            assertThat(sale.findings()).containsExactly("STUCK: Alice's call never returns: the lock");
        }

        @Test
        void is_not_that_of_a_purchase_that_threw_though_no_fault_had_hit_it() {
            Story sale = stock(1).ended("Alice", 1, new Threw("NullPointerException: stock"))
                    .recorded("Alice", 1);

            assertThat(sale.findings())
                    .containsExactly(
                            "PHANTOM_ORDER: the books hold 1 for Alice, who was told 0",
                            "FAILED: Alice's purchase threw NullPointerException: stock");
        }
    }

    @Nested
    class Over_limit {

        @ParameterizedTest
        @CsvSource({"1, true", "2, true", "3, false"})
        void is_a_buyer_who_holds_more_than_the_limit(int held, boolean clean) {
            Story sale = stock(3).limit(2)
                    .told("Alice", held, SOLD)
                    .recorded("Alice", held)
                    .remaining(3 - held);

            assertThat(sale.findings())
                    .isEqualTo(clean ? List.of() : List.of("OVER_LIMIT: Alice holds 3, the limit is 2"));
        }

        @Test
        void does_not_count_units_that_were_given_back() {
            Story sale = stock(2).limit(1)
                    .told("Alice", 1, SOLD)
                    .told("Alice", 1, SOLD)
                    .recorded("Alice", 1)
                    .refunded("Alice", 1)
                    .remaining(1);

            assertThat(sale.findings()).isEmpty();
        }

        @Test
        void needs_a_limit() {
            Story sale = stock(3).told("Alice", 3, SOLD).recorded("Alice", 3);

            assertThat(sale.findings()).isEmpty();
        }

        @Test
        void is_the_faults_doing_if_orders_were_evicted() {
            Story sale = stock(2).limit(1)
                    .told("Alice", 1, SOLD)
                    .told("Alice", 1, SOLD)
                    .recorded("Alice", 2);

            assertThat(sale.findings()).containsExactly("OVER_LIMIT: Alice holds 2, the limit is 1");
            assertThat(sale.evicted(STOCK_KEY).findings())
                    .as("stock evicted")
                    .containsExactly("OVER_LIMIT: Alice holds 2, the limit is 1");
            assertThat(sale.evicted(ORDERS_KEY).findings())
                    .as("orders evicted")
                    .containsExactly("OVER_LIMIT: Alice holds 2, the limit is 1 (by the fault)");
        }
    }

    @Nested
    class Turned_away {

        @ParameterizedTest
        @EnumSource(names = {"SOLD_OUT", "NO_SUCH_SALE"})
        void is_a_buyer_who_was_refused_what_remained(Outcome lie) {
            Story sale = stock(2).told("Alice", 2, lie).remaining(2);

            assertThat(sale.findings())
                    .containsExactly("TURNED_AWAY: Alice asked for 2 and was told " + lie + ", 2 remained");
        }

        @Test
        void is_not_a_buyer_who_wanted_one_more_than_remained() {
            Story sale = stock(2).told("Alice", 3, SOLD_OUT).remaining(2);

            assertThat(sale.findings()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({"1, true", "2, false"})
        void does_not_count_units_that_were_given_back_later(int remaining, boolean clean) {
            Story sale = stock(remaining)
                    .told("Alice", 1, SOLD)
                    .refunded("Alice", 1)
                    .told("Bob", 1, SOLD_OUT)
                    .remaining(remaining);

            assertThat(sale.findings())
                    .isEqualTo(
                            clean
                                    ? List.of()
                                    : List.of("TURNED_AWAY: Bob asked for 1 and was told SOLD_OUT, 2 remained"));
        }

        @Test
        void stays_a_lie_if_the_repeated_request_is_served() {
            Story sale = stock(2).request("a", "Alice", 1, new Told(SOLD_OUT))
                    .request("a", "Alice", 1, new Told(SOLD))
                    .recorded("Alice", 1)
                    .remaining(1);

            assertThat(sale.findings())
                    .containsExactly("TURNED_AWAY: Alice asked for 1 and was told SOLD_OUT, 1 remained");
        }

        @Test
        void is_told_for_every_refusal() {
            Story sale =
                    stock(1).told("Alice", 1, SOLD_OUT).told("Bob", 1, SOLD_OUT).remaining(1);

            assertThat(sale.findings())
                    .containsExactly(
                            "TURNED_AWAY: Alice asked for 1 and was told SOLD_OUT, 1 remained",
                            "TURNED_AWAY: Bob asked for 1 and was told SOLD_OUT, 1 remained");
        }
    }

    @Nested
    class Gave_up {

        @Test
        void is_contention_that_left_what_the_buyer_wanted() {
            Story sale = stock(2).told("Alice", 2, CONTENDED).remaining(2);

            assertThat(sale.findings())
                    .containsExactly("GAVE_UP: Alice asked for 2 and was told CONTENDED, 2 remained");
        }

        @Test
        void is_not_contention_that_left_one_unit_too_few() {
            Story sale = stock(2).told("Alice", 2, CONTENDED)
                    .told("Bob", 1, SOLD)
                    .recorded("Bob", 1)
                    .remaining(1);

            assertThat(sale.findings()).isEmpty();
        }

        @Test
        void counts_units_that_were_given_back_for_it_accuses_nobody_of_a_lie() {
            Story sale = stock(1).told("Alice", 1, SOLD)
                    .refunded("Alice", 1)
                    .told("Bob", 1, CONTENDED)
                    .remaining(1);

            assertThat(sale.findings()).containsExactly("GAVE_UP: Bob asked for 1 and was told CONTENDED, 1 remained");
        }

        @ParameterizedTest
        @MethodSource("flashsale.sale.AuditTest#otherEnds")
        void is_not_contention_after_which_the_repeated_request_ended_otherwise(Answer end, List<String> findings) {
            Story sale = stock(1).limit(1)
                    .request("a", "Alice", 1, new Told(CONTENDED))
                    .request("a", "Alice", 1, end)
                    .remaining(1);

            assertThat(sale.findings()).isEqualTo(findings);
        }

        @Test
        void is_contention_after_which_the_repeated_request_met_contention_again() {
            Story sale = stock(1).request("a", "Alice", 1, new Told(CONTENDED))
                    .request("a", "Alice", 1, new Told(CONTENDED))
                    .remaining(1);

            assertThat(verdicts(sale)).containsExactly("GAVE_UP", "GAVE_UP");
        }

        @Test
        void is_contention_after_which_only_another_request_was_served() {
            Story sale = stock(2).request("a", "Alice", 1, new Told(CONTENDED))
                    .request("b", "Alice", 1, new Told(SOLD))
                    .recorded("Alice", 1)
                    .remaining(1);

            assertThat(sale.findings())
                    .containsExactly("GAVE_UP: Alice asked for 1 and was told CONTENDED, 1 remained");
        }
    }

    @Nested
    class Wrong_limit {

        @ParameterizedTest
        @CsvSource({"1, WRONG_LIMIT", "2, clean"})
        void is_a_refusal_of_what_the_limit_allows(int wanted, String expected) {
            Story sale = stock(5).limit(3)
                    .told("Alice", 2, SOLD)
                    .told("Alice", wanted, LIMIT_REACHED)
                    .recorded("Alice", 2)
                    .remaining(3);

            assertThat(sale.findings())
                    .isEqualTo(
                            expected.equals("clean")
                                    ? List.of()
                                    : List.of("WRONG_LIMIT: Alice asked for 1 and was told LIMIT_REACHED,"
                                            + " holding 2 of 3"));
        }

        @Test
        void is_any_refusal_if_there_is_no_limit() {
            Story sale = stock(1).told("Alice", 1, LIMIT_REACHED).remaining(1);

            assertThat(sale.findings())
                    .containsExactly("WRONG_LIMIT: Alice asked for 1 and was told LIMIT_REACHED,"
                            + " but this sale has no limit");
        }

        @Test
        void counts_units_that_were_given_back_as_held() {
            Story sale = stock(1).limit(1)
                    .told("Alice", 1, SOLD)
                    .told("Alice", 1, LIMIT_REACHED)
                    .refunded("Alice", 1)
                    .remaining(1);

            assertThat(sale.findings()).isEmpty();
        }

        @Test
        void does_not_count_what_others_hold() {
            Story sale = stock(2).limit(1)
                    .told("Alice", 1, SOLD)
                    .told("Bob", 1, LIMIT_REACHED)
                    .recorded("Alice", 1)
                    .remaining(1);

            assertThat(sale.findings())
                    .containsExactly("WRONG_LIMIT: Bob asked for 1 and was told LIMIT_REACHED, holding 0 of 1");
        }

        @Test
        void is_the_faults_doing_if_orders_were_evicted() {
            Story sale = stock(1).limit(1).told("Alice", 1, SOLD).told("Alice", 1, LIMIT_REACHED);

            assertThat(sale.evicted(ORDERS_KEY).findings())
                    .containsExactly(
                            "LOST_STOCK: 1 existed, 0 recorded, 0 on sale: 1 gone (by the fault)",
                            "LOST_ORDER: Alice was told 1 sold, the books hold 0 (by the fault)",
                            "WRONG_LIMIT: Alice asked for 1 and was told LIMIT_REACHED, holding 0 of 1 (by the fault)");
        }

        @Test
        void is_the_steps_doing_if_only_the_stock_was_evicted() {
            Story sale = stock(1).limit(1)
                    .told("Alice", 1, LIMIT_REACHED)
                    .noStockKey()
                    .evicted(STOCK_KEY);

            assertThat(sale.findings())
                    .containsExactly(
                            "LOST_STOCK: 1 existed, 0 recorded, no stock key: 1 gone (by the fault)",
                            "WRONG_LIMIT: Alice asked for 1 and was told LIMIT_REACHED, holding 0 of 1");
        }

        @Test
        void without_a_limit_is_never_by_the_fault() {
            Story sale = stock(1).told("Alice", 1, LIMIT_REACHED).remaining(1).evicted(ORDERS_KEY);

            assertThat(sale.findings())
                    .containsExactly("WRONG_LIMIT: Alice asked for 1 and was told LIMIT_REACHED,"
                            + " but this sale has no limit");
        }
    }

    @Nested
    class Failed {

        @Test
        void is_every_purchase_that_threw() {
            Story sale = stock(1).ended("Alice", 1, new Threw("IllegalStateException: no stock"))
                    .ended("Alice", 1, new Threw("IllegalStateException: no stock"))
                    .remaining(1);

            assertThat(sale.findings())
                    .containsExactly(
                            "FAILED: Alice's purchase threw IllegalStateException: no stock",
                            "FAILED: Alice's purchase threw IllegalStateException: no stock");
        }

        @Test
        void is_not_a_purchase_whose_reply_was_lost() {
            Story sale = stock(1).ended("Alice", 1, LOST_REPLY).remaining(1);

            assertThat(sale.findings()).isEmpty();
        }
    }

    @Nested
    class Stuck {

        @Test
        void is_a_call_that_never_returns() {
            Story sale = stock(1).ended("Alice", 1, HANGS).remaining(1).newcomer(new Told(SOLD));

            assertThat(sale.findings()).containsExactly("STUCK: Alice's call never returns: the lock");
        }

        @ParameterizedTest(name = "{1}")
        @MethodSource("flashsale.sale.AuditTest#refusals")
        void is_a_newcomer_who_cannot_buy_what_remains(Answer answer, String words) {
            Story sale = stock(1).remaining(1).newcomer(answer);

            assertThat(sale.findings())
                    .containsExactly("STUCK: 1 remained, but a newcomer " + words + " after every lease had run out");
        }

        @Test
        void is_not_a_newcomer_who_buys() {
            assertThat(stock(1).remaining(1).newcomer(new Told(SOLD)).findings())
                    .isEmpty();
        }

        @Test
        void is_not_a_newcomer_who_came_when_nothing_remained() {
            assertThat(stock(0).remaining(0).newcomer(new Told(SOLD_OUT)).findings())
                    .isEmpty();
        }
    }

    static Stream<Arguments> otherEnds() {
        return Stream.of(
                Arguments.of(new Told(SOLD), List.of("LOST_ORDER: Alice was told 1 sold, the books hold 0")),
                Arguments.of(
                        new Told(SOLD_OUT),
                        List.of("TURNED_AWAY: Alice asked for 1 and was told SOLD_OUT, 1 remained")),
                Arguments.of(
                        new Told(LIMIT_REACHED),
                        List.of("WRONG_LIMIT: Alice asked for 1 and was told LIMIT_REACHED, holding 0 of 1")),
                Arguments.of(LOST_REPLY, List.of()),
                Arguments.of(HANGS, List.of("STUCK: Alice's call never returns: the lock")),
                Arguments.of(new Threw("IOException: no"), List.of("FAILED: Alice's purchase threw IOException: no")));
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(new Told(CONTENDED), "was told CONTENDED"),
                Arguments.of(new Told(SOLD_OUT), "was told SOLD_OUT"),
                Arguments.of(new Threw("IOException: no"), "got IOException: no"),
                Arguments.of(new Unknown("the cap"), "got no answer (the cap)"),
                Arguments.of(HANGS, "waited for ever"));
    }

    @Nested
    class Findings {

        @Test
        void come_in_the_order_of_the_verdicts_and_within_one_in_that_of_buyers_and_wishes() {
            Story sale = stock(9).limit(1)
                    .ended("Fred", 1, HANGS)
                    .ended("Eve", 1, new Threw("IOException: no"))
                    .told("Dan", 1, LIMIT_REACHED)
                    .told("Carl", 1, CONTENDED)
                    .told("Bob", 1, SOLD_OUT)
                    .told("Alice", 1, SOLD)
                    .recorded("Zoe", 2)
                    .recorded("Yan", 8)
                    .remaining(1)
                    .newcomer(HANGS);

            assertThat(verdicts(sale))
                    .containsExactly(
                            "OVERSOLD",
                            "PHANTOM_STOCK",
                            "LOST_ORDER",
                            "PHANTOM_ORDER",
                            "PHANTOM_ORDER",
                            "OVER_LIMIT",
                            "OVER_LIMIT",
                            "TURNED_AWAY",
                            "GAVE_UP",
                            "WRONG_LIMIT",
                            "FAILED",
                            "STUCK",
                            "STUCK");
            assertThat(sale.findings().get(3)).contains("Yan");
            assertThat(sale.findings().get(4)).contains("Zoe");
        }

        @Test
        void of_equal_records_are_equal() {
            SaleRecord sale = stock(1).told("Alice", 1, SOLD).recorded("Bob", 2).written();

            assertThat(Audit.of(sale)).isEqualTo(Audit.of(sale)).hasSize(3);
        }

        @Test
        void cannot_be_changed() {
            List<Finding> findings = Audit.of(stock(1).written());

            assertThatThrownBy(() -> findings.remove(0)).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    private static List<String> verdicts(Story sale) {
        return Audit.of(sale.written()).stream()
                .map(finding -> finding.verdict().name())
                .toList();
    }
}
