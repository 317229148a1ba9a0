package flashsale.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.explore.Claim;
import flashsale.explore.Scenario;
import flashsale.explore.Step;
import flashsale.naive.NaiveLesson;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Names on the command line")
class NamesTest {

    private static final Step OTHER =
            new Step("lesson12-other", FourCommands.class, shop -> new FourCommands(shop.redis(), shop.item()));
    private static final Claim OTHER_CLAIM =
            Claim.proved(OTHER, Scenario.named("one buyer, Zoë's ticket").buyer("Alice", 1));
    private static final Lessons TWO = new Lessons(
            List.of(NaiveLesson.READ_THEN_WRITE_OVERSELLS, OTHER_CLAIM, NaiveLesson.COMPENSATE_NEVER_OVERSELLS));

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"lesson12-other", "LESSON12-Other", "lesson12-other/", "lesson12", "lesson0012", "12", "012"})
    void find_a_lesson_by_folder_short_name_or_number(String name) {
        Lessons.Selection selection = TWO.select(List.of(name));
        assertThat(selection.claims()).containsExactly(OTHER_CLAIM);
        assertThat(selection.steps()).isEmpty();
    }

    @Test
    void find_steps_whatever_their_case_and_keep_the_order_of_the_lessons() {
        Lessons.Selection selection = TWO.select(List.of("fourCOMMANDS", "1", "ReadThenWrite"));
        assertThat(selection.claims()).isEqualTo(TWO.claims());
        assertThat(selection.steps()).containsExactly("FourCommands", "ReadThenWrite");
        assertThat(TWO.select(List.of())).isEqualTo(new Lessons.Selection(TWO.claims(), java.util.Set.of()));
    }

    @Test
    void find_a_scenario_by_its_name_or_its_slug() {
        assertThat(Lessons.slug(OTHER_CLAIM.scenario())).isEqualTo("one-buyer-zoë-s-ticket");
        assertThat(TWO.of("fourcommands", "one buyer, Zoë's ticket")).isSameAs(OTHER_CLAIM);
        assertThat(TWO.of("FourCommands", "One-Buyer-Zoë-s-Ticket")).isSameAs(OTHER_CLAIM);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    ReadThenWrit   | unknown step ReadThenWrit; did you mean ReadThenWrite?
                    readthanwrite  | unknown step readthanwrite; did you mean ReadThenWrite?
                    leson01        | unknown lesson leson01; did you mean lesson01?
                    Zzz            | unknown step Zzz; there are ReadThenWrite, FourCommands, DecrementThenCompensate
                    lesson12-othe  | unknown lesson lesson12-othe; did you mean lesson12-other?
                    7              | unknown lesson 7; there are lesson01-naive, lesson12-other
                    """)
    void say_what_was_meant_or_what_there_is(String name, String message) {
        assertThatThrownBy(() -> TWO.select(List.of("1", name)))
                .isInstanceOf(BadArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void count_the_keystrokes_between_two_names() {
        assertThat(Nearest.keystrokes("kitten", "Sitting")).isEqualTo(3);
        assertThat(Nearest.keystrokes("", "abc")).isEqualTo(3);
        assertThat(Nearest.keystrokes("abc", "ABC")).isZero();
    }

    @Test
    void are_unique_in_the_workbook_so_that_each_means_one_thing() {
        // One class may be a step of several settings, such as a number of attempts; its scenarios tell them apart.
        assertThat(Lessons.ALL.claims().stream()
                        .map(claim -> claim.step().type())
                        .distinct())
                .extracting(type -> type.getSimpleName().toLowerCase(Locale.ROOT))
                .doesNotHaveDuplicates();
        assertThat(Lessons.ALL.claims())
                .extracting(claim -> claim.step().name() + "/" + Lessons.slug(claim.scenario()))
                .doesNotHaveDuplicates();
    }
}
