package dev.burgee.local.drill;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Milliseconds since a drill began. Thread-safe. */
final class Clock {
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final long startNanos = System.nanoTime();

    long nowMs() {
        return atMs(System.nanoTime());
    }

    /** A moment by {@link System#nanoTime}. */
    long atMs(long nanos) {
        return Duration.ofNanos(nanos - startNanos).toMillis();
    }

    /** Waits for something; answers whether it came. */
    boolean await(Duration limit, BooleanSupplier condition) {
        long endMs = nowMs() + limit.toMillis();
        while (!condition.getAsBoolean()) {
            if (nowMs() >= endMs || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
        return true;
    }

    static void pause(Duration duration) {
        LockSupport.parkNanos(duration.toNanos());
    }
}
