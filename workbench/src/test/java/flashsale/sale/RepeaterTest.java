package flashsale.sale;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("A real repeater")
@Timeout(30)
class RepeaterTest {

    private static final Duration PERIOD = Duration.ofMillis(1);

    private static void awaitRuns(int runs) throws InterruptedException {
        CountDownLatch latch = new CountDownLatch(runs);
        try (Repeater.Repeated other = Repeater.real().every(PERIOD, latch::countDown)) {
            assertThat(latch.await(20, TimeUnit.SECONDS)).as("%s runs", other).isTrue();
        }
    }

    @Test
    void runs_a_task_again_and_again_although_it_throws() throws InterruptedException {
        CountDownLatch three = new CountDownLatch(3);
        try (Repeater.Repeated task = Repeater.real().every(PERIOD, () -> {
            three.countDown();
            throw new IllegalStateException("dropped");
        })) {
            assertThat(three.await(20, TimeUnit.SECONDS))
                    .as("%s ran three times", task)
                    .isTrue();
        }
    }

    @Test
    void begins_no_run_after_it_was_closed() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        Repeater.Repeated task = Repeater.real().every(PERIOD, runs::incrementAndGet);
        awaitRuns(2);
        task.close();
        task.close();
        awaitRuns(1); // all tasks share one thread, so a run that was under way is over by now
        int before = runs.get();

        awaitRuns(5);

        assertThat(runs).hasValue(before).hasPositiveValue();
    }
}
