package flashsale.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "1A",
                "2A,expire:lock,5B,crash:A",
                "begin:A,1A,begin:B,3B,2A",
                "1A,lose:B,evict:stock,flush,1A",
                "2A,time:lock,wake:B,1B",
                "3A,tick:A,expire:lock,1A",
                "1A,evict:bought_tickets:alice,1B"
            })
    void what_is_written_is_read_again(String text) {
        assertThat(Schedule.parse(text)).hasToString(text);
    }

    @Test
    void a_person_may_leave_out_the_one_and_use_blanks_and_small_letters() {
        assertThat(Schedule.parse(" a, 2b ,A")).isEqualTo(Schedule.parse("1A,2B,1A"));
    }

    @Test
    void commands_of_one_buyer_in_a_row_are_counted_together() {
        Schedule schedule =
                new Schedule(List.of(new Choice.Next(0), new Choice.Next(0), new Choice.Crash(1), new Choice.Next(0)));

        assertThat(schedule).hasToString("2A,crash:B,1A");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"", "1A,,2B", "0A", "A1", "12345A", "crash", "crash:", "crash:AB", "expire:", "boom:A", "2Ä"})
    void what_cannot_be_read_is_refused_with_an_example(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Schedule.parse(text))
                .withMessageContaining("schedule \"" + text + "\": cannot read")
                .withMessageContaining("1A,3B,2A");
    }
}
