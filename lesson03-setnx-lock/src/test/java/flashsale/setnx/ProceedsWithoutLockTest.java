package flashsale.setnx;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("Step 03 · ProceedsWithoutLock")
class ProceedsWithoutLockTest {

    @Test
    @Order(1)
    @DisplayName("a buyer who did not win the lock goes on, and one ticket is sold twice")
    void goesOnWithoutTheLock() {
        assertThat(explore(SetnxLesson.REPLY_IGNORED)).oversells().in(36).of(62);
    }
}
