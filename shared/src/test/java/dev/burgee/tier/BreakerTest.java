package dev.burgee.tier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.time.FakeTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class BreakerTest {
    private final FakeTime time = new FakeTime();
    private final Breaker breaker = new Breaker(time);

    @Test
    void letsCallsThroughWhileTheySucceed() {
        call(true);
        call(true);

        assertThat(breaker.tryAcquire()).isTrue();
        assertThat(breaker.isOpen()).isFalse();
        assertThat(breaker.since()).isEmpty();
    }

    @Test
    void opensAfterThreeFailuresInARow() {
        Instant start = time.now();
        call(false);
        call(false);
        assertThat(breaker.isOpen()).isFalse();

        call(false);

        assertThat(breaker.isOpen()).isTrue();
        assertThat(breaker.tryAcquire()).isFalse();
        assertThat(breaker.since()).contains(start);
    }

    @Test
    void aSuccessBetweenFailuresStartsTheCountAgain() {
        call(false);
        call(false);
        call(true);
        call(false);
        call(false);

        assertThat(breaker.isOpen()).isFalse();
    }

    @Test
    void letsOneProbeThroughAfterOneSecond() {
        open();
        time.advance(Duration.ofMillis(999));
        assertThat(breaker.tryAcquire()).isFalse();

        time.advance(Duration.ofMillis(1));

        assertThat(breaker.tryAcquire()).isTrue();
        assertThat(breaker.tryAcquire()).as("a second probe beside the first").isFalse();
        assertThat(breaker.isOpen()).isTrue();
    }

    @Test
    void closesWhenTheProbeSucceeds() {
        open();
        time.advance(Duration.ofSeconds(1));

        call(true);

        assertThat(breaker.isOpen()).isFalse();
        assertThat(breaker.since()).isEmpty();
        assertThat(breaker.tryAcquire()).isTrue();
        assertThat(breaker.tryAcquire()).isTrue();
    }

    @Test
    void doublesItsDelayWhileProbesFailUpToThirtySeconds() {
        Instant start = time.now();
        open();
        probeFailsAfter(1);
        probeFailsAfter(2);
        probeFailsAfter(4);
        probeFailsAfter(8);
        probeFailsAfter(16);
        probeFailsAfter(30);
        probeFailsAfter(30);
        assertThat(breaker.since()).contains(start);
    }

    @Test
    void startsAtOneSecondAgainOnceItWasClosed() {
        open();
        probeFailsAfter(1);
        time.advance(Duration.ofSeconds(2));
        call(true);
        open();

        probeFailsAfter(1);
    }

    @Test
    void aProbeThatNeverTellsItsOutcomeIsReplaced() {
        open();
        time.advance(Duration.ofSeconds(1));
        assertThat(breaker.tryAcquire()).isTrue();
        time.advance(Duration.ofMillis(29_999));
        assertThat(breaker.tryAcquire()).isFalse();

        time.advance(Duration.ofMillis(1));

        assertThat(breaker.tryAcquire()).isTrue();
    }

    @Test
    void aLateOutcomeDoesNotMoveAnOpenBreaker() {
        open();
        breaker.failure();
        breaker.success();

        assertThat(breaker.isOpen()).isTrue();
        time.advance(Duration.ofSeconds(1));
        assertThat(breaker.tryAcquire()).isTrue();
    }

    @Test
    void aProbeThatTellsNothingIsFollowedByAnother() {
        open();
        time.advance(Duration.ofSeconds(1));
        assertThat(breaker.tryAcquire()).isTrue();

        breaker.unknown();

        assertThat(breaker.tryAcquire()).isTrue();
        assertThat(breaker.isOpen()).isTrue();
    }

    @Test
    void probesAtOnceWhatSomebodyElseSawAnswer() {
        open();
        assertThat(breaker.tryAcquire()).isFalse();

        breaker.probeNow();

        assertThat(breaker.tryAcquire()).isTrue();
        assertThat(breaker.tryAcquire()).as("one probe").isFalse();
        breaker.success();
        assertThat(breaker.isOpen()).isFalse();
    }

    @Test
    void probesEachSecondWhileItIsHastened() {
        open();
        probeFailsAfter(1);
        probeFailsAfter(2);

        for (int second = 0; second < 3; second++) {
            breaker.hasten();
            breaker.hasten();
            probeFailsAfter(1);
        }
    }

    @Test
    void hastensNothingThatIsClosedOrBeingProbed() {
        breaker.hasten();
        assertThat(breaker.tryAcquire()).isTrue();
        breaker.success();
        open();
        probeFailsAfter(1);
        time.advance(Duration.ofSeconds(2));
        assertThat(breaker.tryAcquire()).isTrue();

        breaker.hasten();

        time.advance(Duration.ofSeconds(5));
        assertThat(breaker.tryAcquire()).as("a second probe beside the first").isFalse();
    }

    private void open() {
        call(false);
        call(false);
        call(false);
    }

    private void probeFailsAfter(int seconds) {
        time.advance(Duration.ofSeconds(seconds).minusNanos(1));
        assertThat(breaker.tryAcquire()).as("just before %s s", seconds).isFalse();
        time.advance(Duration.ofNanos(1));
        assertThat(breaker.tryAcquire()).as("after %s s", seconds).isTrue();
        breaker.failure();
    }

    private void call(boolean succeeds) {
        assertThat(breaker.tryAcquire()).isTrue();
        if (succeeds) {
            breaker.success();
        } else {
            breaker.failure();
        }
    }
}
