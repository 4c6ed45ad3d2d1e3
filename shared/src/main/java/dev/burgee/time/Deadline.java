package dev.burgee.time;

import java.time.Duration;

/** The moment by which a request must be answered; handed down so that no wait outlives it. Immutable. */
public final class Deadline {
    private final Time time;
    private final long endNanos;

    private Deadline(Time time, long endNanos) {
        this.time = time;
        this.endNanos = endNanos;
    }

    public static Deadline after(Duration duration, Time time) {
        return new Deadline(time, time.nanos() + duration.toNanos());
    }

    /** What is left; zero once it has passed. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, endNanos - time.nanos()));
    }

    /** Whether a wait of this length would still end in time. */
    public boolean fits(Duration wait) {
        return endNanos - time.nanos() >= wait.toNanos();
    }

    /** The shorter of a limit and what is left. */
    public Duration cap(Duration limit) {
        Duration left = remaining();
        return left.compareTo(limit) < 0 ? left : limit;
    }
}
