package flashsale.redisson;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static flashsale.sale.Verdict.FAILED;
import static flashsale.sale.Verdict.OVERSOLD;
import static flashsale.sale.Verdict.PHANTOM_ORDER;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("Step 2 · FixedLeaseLock")
class FixedLeaseLockTest {

    @Test
    @Order(1)
    @DisplayName("while nobody is slower than the lease, the lock holds")
    void holds() {
        assertThat(explore(RedissonLesson.FIXED_LEASE_HOLDS)).isProved().byRunning(6);
    }

    @Test
    @Order(2)
    @DisplayName("a purchase that outlasts its lease oversells, and is told of an error though it stands in the books")
    void oversellsAfterAPause() {
        assertThat(explore(RedissonLesson.FIXED_LEASE_OVERSELLS))
                .shows(OVERSOLD, PHANTOM_ORDER, FAILED)
                .byRunning(50);
    }

    @Test
    @Order(3)
    @DisplayName("a crash is harmless: the lease ends, and the others go on")
    void survivesACrash() {
        assertThat(explore(RedissonLesson.FIXED_LEASE_SURVIVES_A_CRASH))
                .isProved()
                .byRunning(58);
    }
}
