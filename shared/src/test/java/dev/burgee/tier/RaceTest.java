package dev.burgee.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class RaceTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    private final Race<String> race = new Race<>();

    @Test
    void tellsTheFirstThatEndsAndThenTheNext() {
        var first = new CountDownLatch(1);
        race.enter("slow", () -> {
            first.await();
            return "slow";
        });
        race.enter("fast", () -> "fast");

        assertThat(race.next(LONG)).contains("fast");
        assertThat(race.isOn()).isTrue();
        assertThat(race.next(Duration.ofMillis(10))).as("not yet").isEmpty();
        assertThat(race.isOn()).isTrue();

        first.countDown();
        assertThat(race.next(LONG)).contains("slow");
        assertThat(race.isOn()).isFalse();
        assertThat(race.next(LONG)).as("nothing is running").isEmpty();
    }

    @Test
    void throwsWhatAWayThrew() {
        race.enter("refused", () -> {
            throw new IllegalArgumentException("no");
        });

        assertThatThrownBy(() -> race.next(LONG))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no");
        assertThat(race.isOn()).isFalse();
    }

    @Test
    void endsTheWaitOfAnInterruptedCaller() {
        var never = new CountDownLatch(1);
        race.enter("never", () -> {
            never.await();
            return "";
        });
        Thread.currentThread().interrupt();

        assertThat(race.next(LONG)).isEmpty();

        assertThat(Thread.interrupted()).isTrue();
        never.countDown();
    }
}
