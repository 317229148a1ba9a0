package flashsale.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class EffectTest {

    private static final Effect READS_STOCK = of(0, Set.of("stock"), Set.of());
    private static final Effect WRITES_STOCK = of(1, Set.of(), Set.of("stock"));

    private static Effect of(int process, Set<String> reads, Set<String> writes) {
        return Effect.on(process, reads, writes);
    }

    @Test
    void two_reads_of_one_key_can_be_swapped() {
        assertIndependent(READS_STOCK, of(1, Set.of("stock"), Set.of()));
    }

    @Test
    void a_read_and_a_write_of_one_key_cannot() {
        assertDependent(READS_STOCK, WRITES_STOCK);
    }

    @Test
    void two_writes_of_one_key_cannot() {
        assertDependent(WRITES_STOCK, of(0, Set.of(), Set.of("stock")));
    }

    @Test
    void writes_of_two_keys_can() {
        assertIndependent(WRITES_STOCK, of(0, Set.of(), Set.of("orders")));
    }

    @Test
    void what_one_process_does_cannot() {
        assertDependent(Effect.local(0), of(0, Set.of("stock"), Set.of()));
    }

    @Test
    void what_belongs_to_no_process_is_not_one_process() {
        assertIndependent(of(Effect.NO_PROCESS, Set.of(), Set.of("a")), of(Effect.NO_PROCESS, Set.of(), Set.of("b")));
    }

    @Test
    void two_faults_cannot_since_they_share_a_budget() {
        assertDependent(Effect.faultOn("stock"), Effect.local(0).asFault());
    }

    @Test
    void a_fault_and_a_command_after_which_a_buyer_stops_cannot_since_perhaps_nobody_is_left_to_run() {
        assertDependent(Effect.faultOn("lock"), READS_STOCK.ending());
        assertIndependent(
                READS_STOCK.ending(), of(1, Set.of("orders"), Set.of()).ending());
    }

    @Test
    void a_fault_on_a_key_and_a_command_on_another_can() {
        assertIndependent(Effect.faultOn("lock"), READS_STOCK);
    }

    @Test
    void what_touches_everything_can_be_swapped_with_nothing() {
        assertDependent(Effect.ofEverything(), Effect.local(0));
        assertDependent(Effect.faultOn("lock").onEverything(), READS_STOCK);
    }

    private static void assertDependent(Effect one, Effect other) {
        assertThat(one.dependsOn(other)).isTrue();
        assertThat(other.dependsOn(one)).isTrue();
    }

    private static void assertIndependent(Effect one, Effect other) {
        assertThat(one.dependsOn(other)).isFalse();
        assertThat(other.dependsOn(one)).isFalse();
    }
}
