package flashsale.redisson;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("Step 1 · IgnoredTryLock")
class IgnoredTryLockTest {

    @Test
    @Order(1)
    @DisplayName("whoever does not look at what tryLock answers sells without the lock")
    void oversells() {
        assertThat(explore(RedissonLesson.ANSWER_IGNORED)).oversells().in(126).of(258);
    }
}
