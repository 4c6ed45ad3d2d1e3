package dev.burgee.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.time.Deadline;
import dev.burgee.time.FakeTime;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RetryTest {
    private static final List<Duration> NO_WAITS = List.of(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    private final FakeTime time = new FakeTime();
    private final Deadline deadline = Deadline.after(Duration.ofSeconds(5), time);
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger retries = new AtomicInteger();

    private String call(List<Duration> waitsMax, int failures, RuntimeException failure, Deadline limit) {
        return new Retry(waitsMax, new SplittableRandom(1))
                .call(IllegalStateException.class, limit, retries::incrementAndGet, () -> {
                    if (calls.incrementAndGet() <= failures) {
                        throw failure;
                    }
                    return "done";
                });
    }

    @Test
    void hasTheWaitsOfTheDesign() {
        assertThat(Retry.WAITS_MAX)
                .containsExactly(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(400));
    }

    @Test
    void triesThreeTimesMoreAndCountsThem() {
        assertThat(call(NO_WAITS, 3, new IllegalStateException("not yet"), deadline))
                .isEqualTo("done");
        assertThat(calls).hasValue(4);
        assertThat(retries).hasValue(3);
    }

    @Test
    void givesUpWithTheLastFailure() {
        assertThatThrownBy(() -> call(NO_WAITS, 9, new IllegalStateException("never"), deadline))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("never");
        assertThat(calls).hasValue(4);
    }

    @Test
    void leavesOtherFailuresAlone() {
        assertThatThrownBy(() -> call(NO_WAITS, 9, new IllegalArgumentException("wrong"), deadline))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(calls).hasValue(1);
    }

    @Test
    void doesNotWaitBeyondTheDeadline() {
        Deadline tight = Deadline.after(Duration.ofMillis(99), time);

        assertThatThrownBy(() -> call(Retry.WAITS_MAX, 9, new IllegalStateException("late"), tight))
                .isInstanceOf(IllegalStateException.class);
        assertThat(calls).hasValue(1);
    }
}
