package flashsale.redisson;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertProofFailsFor;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.FAILED;
import static flashsale.sale.Verdict.OVERSOLD;
import static flashsale.sale.Verdict.PHANTOM_ORDER;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("Step 4 · WatchdogLock")
class WatchdogLockTest {

    @Test
    @Order(1)
    @DisplayName("wherever the watchdog renews, the lock holds while nobody pauses")
    void holds() {
        assertThat(explore(RedissonLesson.WATCHDOG_LOCK_HOLDS)).isProved().byRunning(126);
    }

    @Test
    @Order(2)
    @DisplayName("a crash takes the watchdog with it: the lease ends, and the others go on")
    void survivesACrash() {
        assertThat(explore(RedissonLesson.WATCHDOG_LOCK_SURVIVES_A_CRASH))
                .isProved()
                .byRunning(904);
    }

    @Test
    @Order(3)
    @DisplayName("a pause of the whole process halts the watchdog, and the holder wakes up without its lock and writes")
    void oversellsAfterAPause() {
        assertThat(explore(RedissonLesson.WATCHDOG_LOCK_OVERSELLS))
                .shows(OVERSOLD, PHANTOM_ORDER, FAILED)
                .byRunning(348);
    }

    @Test
    @Order(4)
    @DisplayName("without the lock, which is step 1, the first proof fails")
    void theLockIsNeeded() {
        assertProofFailsFor(RedissonLesson.IGNORED_TRY_LOCK, RedissonLesson.WATCHDOG_LOCK_HOLDS, OVERSOLD);
    }
}
