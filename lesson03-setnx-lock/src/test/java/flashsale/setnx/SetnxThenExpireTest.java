package flashsale.setnx;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.STUCK;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("Step 02 · SetnxThenExpire")
class SetnxThenExpireTest {

    @Test
    @Order(1)
    @DisplayName("a crash between SETNX and EXPIRE leaves a lock without a lease")
    void staysLockedAfterACrashBetweenTheTwo() {
        assertThat(explore(SetnxLesson.CRASH_BEFORE_THE_EXPIRE))
                .shows(STUCK)
                .in(20)
                .of(152);
    }
}
