package dev.burgee.time;

import java.time.Duration;
import java.time.Instant;

/** The clocks and the only way to wait. Wiring passes {@link SystemTime}; tests pass a hand-moved one. Thread-safe. */
public interface Time {
    /** The wall clock: for what other machines will read. */
    Instant now();

    /** A clock that never goes back, in nanoseconds from an arbitrary origin: for measuring and for deadlines. */
    long nanos();

    /** Waits; returns early, with the interrupt flag set, when the thread is interrupted. */
    void sleep(Duration duration);
}
