package flashsale.stage;

import static org.assertj.core.api.Assertions.assertThat;

import flashsale.stage.Bench.Measured;
import flashsale.stage.Bench.Workload;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The measurement")
class BenchTest {

    @Test
    void runs_all_interleavings_of_each_workload() {
        Bench bench = new Bench(SharedRedis.announcedOn(System.err), 1, Duration.ofMillis(20));
        List<Measured> measured = Workload.ALL.stream().map(bench::measure).toList();
        assertThat(measured).extracting(Measured::schedules).containsExactly(1_680, 70, 840);
        assertThat(measured).allSatisfy(each -> {
            assertThat(each.explorer()).isPositive();
            assertThat(each.plain()).isPositive();
            assertThat(each.floor()).isPositive();
            assertThat(each.setUpMillis()).isPositive();
        });
    }

    @Test
    void prints_paces_beside_each_other() {
        Measured measured = new Measured(Workload.ALL.get(0), 20, 1500, 2000.4, 6000, 3.25);
        assertThat(Bench.table(List.of(measured)).replace("\r\n", "\n")).isEqualTo("""
                                     schedules  explorer/s  plain/s  floor/s  explorer:plain  explorer:floor    set-up
                CheckThenDecrement          20        1500     2000     6000            0.75            0.25    3.3 ms
                """);
    }
}
