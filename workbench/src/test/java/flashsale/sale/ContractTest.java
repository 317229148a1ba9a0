package flashsale.sale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The contract of a sale")
class ContractTest {

    private static void assertRefused(ThrowingCallable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    }

    @Nested
    class A_purchase {

        @Test
        void of_one_unit_is_the_smallest() {
            assertThat(new Purchase("Alice", 1, "a").quantity()).isEqualTo(1);
        }

        @ParameterizedTest
        @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
        void needs_a_quantity_of_at_least_one(int quantity) {
            assertRefused(
                    () -> new Purchase("Alice", quantity, "a"),
                    "quantity is " + quantity + ", but must be a whole number from 1");
        }

        @ParameterizedTest
        @NullSource
        @ValueSource(strings = {"", " ", "\t\n"})
        void needs_a_buyer_and_a_request_id(String blank) {
            String shown = blank == null ? "null" : '"' + blank + '"';

            assertRefused(
                    () -> new Purchase(blank, 1, "a"), "buyer is " + shown + ", but must be a text that is not blank");
            assertRefused(
                    () -> new Purchase("Alice", 1, blank),
                    "requestId is " + shown + ", but must be a text that is not blank");
        }
    }

    @Nested
    class Keys {

        @Test
        void carry_the_item_as_a_hash_tag() {
            SaleKeys keys = new SaleKeys("concert-2");

            assertThat(keys.stock()).isEqualTo("sale:{concert-2}:stock");
            assertThat(keys.orders()).isEqualTo("sale:{concert-2}:orders");
            assertThat(keys.key("lock")).isEqualTo("sale:{concert-2}:lock");
        }

        @ParameterizedTest
        @CsvSource({
            "concert, sale:{concert}:bought:*",
            "'what?[*]', 'sale:{what\\?\\[\\*\\]}:bought:*'",
            "back\\slash, sale:{back\\\\slash}:bought:*"
        })
        void are_found_by_a_pattern_in_which_the_item_stands_for_itself(String item, String pattern) {
            assertThat(new SaleKeys(item).pattern("bought:")).isEqualTo(pattern);
        }

        @Test
        void of_a_part_of_a_split_sale_carry_another_hash_tag() {
            assertThat(new SaleKeys("concert").shard(0).stock()).isEqualTo("sale:{concert-0}:stock");
            assertThat(new SaleKeys("concert").shard(12).orders()).isEqualTo("sale:{concert-12}:orders");
            assertRefused(() -> new SaleKeys("concert").shard(-1), "shard is -1, but must be a whole number from 0");
        }

        @ParameterizedTest
        @NullSource
        @ValueSource(strings = {"", " "})
        void need_an_item(String blank) {
            assertRefused(
                    () -> new SaleKeys(blank),
                    "item is " + (blank == null ? "null" : '"' + blank + '"')
                            + ", but must be a text that is not blank");
        }

        @ParameterizedTest
        @ValueSource(strings = {"{concert", "concert}", "a{b}c", "two words", "tab\tbed", " concert"})
        void refuse_an_item_that_would_name_another_slot(String item) {
            assertRefused(
                    () -> new SaleKeys(item),
                    "item is \"" + item + "\", but must be a name without braces and blanks, such as concert");
        }
    }

    @Nested
    class Opening_stock {

        @ParameterizedTest
        @ValueSource(ints = {0, 1, Integer.MAX_VALUE})
        void may_be_anything_from_zero(int stock) {
            assertThat(SaleKeys.checkStock(stock)).isEqualTo(stock);
        }

        @ParameterizedTest
        @ValueSource(ints = {-1, Integer.MIN_VALUE})
        void must_not_be_negative(int stock) {
            assertRefused(
                    () -> SaleKeys.checkStock(stock), "stock is " + stock + ", but must be a whole number from 0");
        }
    }

    @Nested
    class A_limit {

        @Test
        void may_be_missing_or_anything_from_one() {
            for (OptionalInt limit :
                    List.of(OptionalInt.empty(), OptionalInt.of(1), OptionalInt.of(Integer.MAX_VALUE))) {
                assertThat(SaleKeys.checkLimit(limit)).isEqualTo(limit);
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
        void must_leave_a_buyer_one_unit(int limit) {
            assertRefused(
                    () -> SaleKeys.checkLimit(OptionalInt.of(limit)),
                    "limit is " + limit + ", but must be a whole number from 1");
        }
    }

    @Nested
    class The_books {

        @Test
        void are_read_from_what_redis_replies() {
            Books books = Books.of("7", Map.of("Bob", "2", "Alice", "1"));

            assertThat(books.remaining()).hasValue(7);
            assertThat(books.orders()).containsExactly(Map.entry("Alice", 1), Map.entry("Bob", 2));
            assertThat(books.refunded()).isEmpty();
            assertThat(books.sold()).isEqualTo(3);
        }

        @Test
        void are_read_with_what_was_given_back() {
            Books books = Books.of("7", Map.of("Bob", "2"), Map.of("Alice", "1"));

            assertThat(books.orders()).containsExactly(Map.entry("Bob", 2));
            assertThat(books.refunded()).containsExactly(Map.entry("Alice", 1));
            assertThat(books.sold()).isEqualTo(2);
        }

        @Test
        void tell_no_stock_from_none_left() {
            assertThat(Books.of(null, Map.of()).remaining()).isEmpty();
            assertThat(Books.of("0", Map.of()).remaining()).hasValue(0);
        }

        @Test
        void may_hold_a_stock_below_zero() {
            assertThat(Books.of("-3", Map.of()).remaining()).hasValue(-3);
        }

        @Test
        void refuse_what_is_no_number() {
            assertThatThrownBy(() -> Books.of("many", Map.of()))
                    .isInstanceOf(NumberFormatException.class)
                    .hasMessageContaining("many");
            assertThatThrownBy(() -> Books.of("1", Map.of("Alice", "1.5")))
                    .isInstanceOf(NumberFormatException.class)
                    .hasMessageContaining("1.5");
        }

        @Test
        void do_not_change_with_the_maps_they_were_made_of() {
            Map<String, Integer> orders = new HashMap<>(Map.of("Alice", 1));
            Map<String, Integer> refunded = new HashMap<>(Map.of("Bob", 1));
            Books books = new Books(OptionalInt.of(0), orders, refunded);
            orders.clear();
            refunded.clear();

            assertThat(books.orders()).containsOnlyKeys("Alice");
            assertThat(books.refunded()).containsOnlyKeys("Bob");
            assertThatThrownBy(() -> books.orders().clear()).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> books.refunded().clear()).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Nested
    class A_record_for_the_audit {

        @Test
        void does_not_change_with_the_set_it_was_made_of() {
            Set<String> evicted = new HashSet<>(Set.of("key"));
            Books books = Books.of("1", Map.of());
            SaleRecord sale =
                    new SaleRecord(1, OptionalInt.empty(), List.of(), books, Optional.empty(), evicted, "key");
            evicted.clear();

            assertThat(sale.evicted()).containsExactly("key");
        }
    }

    @Nested
    class A_finding {

        @ParameterizedTest
        @CsvSource({"false, 'OVERSOLD: 2 sold, 1 existed'", "true, 'OVERSOLD: 2 sold, 1 existed (by the fault)'"})
        void tells_its_verdict_its_evidence_and_whether_a_fault_did_it(boolean byFault, String words) {
            assertThat(new Finding(Verdict.OVERSOLD, "2 sold, 1 existed", byFault))
                    .hasToString(words);
        }

        @ParameterizedTest
        @EnumSource
        void has_a_verdict_that_has_a_meaning(Verdict verdict) {
            assertThat(verdict.meaning()).isNotBlank();
        }
    }

    @Nested
    @Timeout(10)
    class Real_sleep {

        @Test
        void does_not_go_beyond_its_deadline() {
            Sleeper.real().sleep(Duration.ofDays(1), Instant.now());
            Sleeper.real().sleep(Duration.ofDays(1), Instant.now().minusSeconds(60));
        }

        @Test
        void needs_no_deadline() {
            Sleeper.real().sleep(Duration.ZERO);
        }

        @Test
        void ends_when_its_thread_is_interrupted_and_the_flag_stays_set() {
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> Sleeper.real().sleep(Duration.ofDays(1)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("interrupted while waiting for the next attempt");
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
