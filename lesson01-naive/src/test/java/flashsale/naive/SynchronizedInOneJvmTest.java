package flashsale.naive;

import static flashsale.assertions.Workbook.explore;
import static flashsale.assertions.Workbook.exploreQuietly;
import static flashsale.assertions.WorkbookAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flashsale.explore.Claim;
import flashsale.explore.Exploration;
import flashsale.explore.Step;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@DisplayName("Step 3 · SynchronizedInOneJvm")
class SynchronizedInOneJvmTest {

    @Test
    @Order(1)
    @DisplayName("in one application server the lock holds, in every interleaving")
    void holdsInOneServer() {
        assertThat(explore(NaiveLesson.SYNCHRONIZED_HOLDS_IN_ONE_JVM))
                .isProved()
                .byRunning(8);
    }

    @Test
    @Order(2)
    @DisplayName("a second application server has a lock of its own, and one ticket is sold twice")
    void failsInTwoServers() {
        assertThat(explore(NaiveLesson.SYNCHRONIZED_FAILS_IN_TWO_JVMS))
                .oversells()
                .in(12)
                .of(16);
    }

    @Test
    @Order(3)
    @DisplayName("without the word synchronized the proof fails, so it is the lock that holds")
    void theLockIsWhatHolds() {
        Step copy = new Step(
                "src/test", SynchronizedRemoved.class, shop -> new SynchronizedRemoved(shop.redis(), shop.item()));
        Claim claim = Claim.proved(copy, NaiveLesson.SYNCHRONIZED_HOLDS_IN_ONE_JVM.scenario());

        Exploration unprotected = exploreQuietly(claim);

        assertThatThrownBy(() -> assertThat(unprotected).isProved())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("OVERSOLD");
    }
}
