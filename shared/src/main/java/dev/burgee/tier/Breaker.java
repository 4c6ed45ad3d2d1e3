package dev.burgee.tier;

import dev.burgee.time.Time;
import dev.failsafe.CircuitBreaker;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps calls away from something that fails. Opens after {@value #FAILURES} failures in a row; lets one probe through
 * after 1 s, then after 2, 4 … 30 s while probes fail; one success closes it. Every {@link #tryAcquire} that answers true
 * is followed by {@link #success}, {@link #failure} or {@link #unknown}; a probe that is not is replaced after 30 s.
 * Thread-safe; never waits, never calls out.
 */
public final class Breaker {
    /** The limits are those that docs/settings.md names. */
    static final int FAILURES = 3;

    static final Duration DELAY_MIN = Duration.ofSeconds(1);
    static final Duration DELAY_MAX = Duration.ofSeconds(30);

    // Failsafe reads its own clock to leave the open state. It never gets to: this class does, by a clock that tests
    // move.
    private static final Duration NEVER = Duration.ofDays(10_000);

    private final Time time;
    private final CircuitBreaker<Void> circuit = CircuitBreaker.<Void>builder()
            .withFailureThreshold(FAILURES)
            .withSuccessThreshold(1)
            .withDelay(NEVER)
            .build();
    private Duration delay = DELAY_MIN;
    private long waitEndNanos;
    private @Nullable Instant openSince;

    public Breaker(Time time) {
        this.time = time;
    }

    /** Whether the call may be made. */
    public synchronized boolean tryAcquire() {
        boolean waited = !circuit.isClosed() && time.nanos() - waitEndNanos >= 0;
        if (waited) {
            circuit.open(); // takes the permit back from a probe that never told its outcome
            circuit.halfOpen();
        }
        boolean acquired = circuit.tryAcquirePermit();
        if (acquired && circuit.isHalfOpen()) {
            waitEndNanos = time.nanos() + DELAY_MAX.toNanos();
        }
        return acquired;
    }

    public synchronized void success() {
        if (circuit.isOpen()) {
            return; // the late answer of a call from before it opened: the next probe will tell
        }
        circuit.recordSuccess();
        openSince = null;
        delay = DELAY_MIN;
    }

    public synchronized void failure() {
        if (circuit.isOpen()) {
            return;
        }
        boolean probe = circuit.isHalfOpen();
        circuit.recordFailure();
        if (circuit.isClosed()) {
            return;
        }
        Duration twice = delay.multipliedBy(2);
        delay = !probe ? DELAY_MIN : twice.compareTo(DELAY_MAX) > 0 ? DELAY_MAX : twice;
        waitEndNanos = time.nanos() + delay.toNanos();
        if (openSince == null) {
            openSince = time.now();
        }
    }

    /** The call ended in a way that tells nothing, for example cut off early by its request's deadline. Counts as nothing. */
    public synchronized void unknown() {
        if (circuit.isHalfOpen()) {
            waitEndNanos = time.nanos(); // the next call is the probe
        }
    }

    /** Lets one probe through now: somebody else saw it answer. */
    public synchronized void probeNow() {
        if (circuit.isOpen()) {
            waitEndNanos = time.nanos();
        }
    }

    /** Lets the next probe through one second after the last failure, however long the delay has grown. */
    public synchronized void hasten() {
        long earliest = waitEndNanos - delay.toNanos() + DELAY_MIN.toNanos();
        if (circuit.isOpen() && earliest - waitEndNanos < 0) {
            waitEndNanos = earliest;
            delay = DELAY_MIN; // keeps the last failure where it was
        }
    }

    /** Whether calls are kept away at present, but for probes. */
    public synchronized boolean isOpen() {
        return !circuit.isClosed();
    }

    /** When it opened; empty while it is closed. */
    public synchronized Optional<Instant> since() {
        return Optional.ofNullable(openSince);
    }
}
