package flashsale.setnx;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.STUCK;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("Step 01 · SetnxWithoutExpiry")
class SetnxWithoutExpiryTest {

    @Test
    @Order(1)
    @DisplayName("as long as nobody crashes, the lock holds")
    void holdsWithoutACrash() {
        assertThat(explore(SetnxLesson.NOBODY_CRASHES)).isProved().byRunning(4);
    }

    @Test
    @Order(2)
    @DisplayName("the holder crashes: everybody who waits gives up, and so does every newcomer, for ever")
    void staysLockedAfterACrash() {
        assertThat(explore(SetnxLesson.HOLDER_CRASHES)).shows(STUCK).in(34).of(66);
    }
}
