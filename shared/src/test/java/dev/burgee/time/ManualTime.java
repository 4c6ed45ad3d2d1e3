package dev.burgee.time;

import java.time.Duration;
import java.time.Instant;

/** Clocks that stand still until a test moves them; a sleep moves them and returns. Thread-safe. */
public final class ManualTime implements Time {
    private Instant now = Instant.parse("2026-11-21T05:00:00Z");
    private long nanos;

    @Override
    public synchronized Instant now() {
        return now;
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public void sleep(Duration duration) {
        advance(duration);
    }

    /** Moves both clocks. */
    public synchronized void advance(Duration duration) {
        now = now.plus(duration);
        nanos += duration.toNanos();
    }
}
