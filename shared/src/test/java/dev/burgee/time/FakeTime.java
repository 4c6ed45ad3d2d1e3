package dev.burgee.time;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves only when told to; a sleep moves it and returns at once. Starts at 2026-11-21T05:00:00Z. Thread-safe. */
public final class FakeTime implements Time {
    private static final Instant START = Instant.parse("2026-11-21T05:00:00Z");

    private final AtomicLong nanos = new AtomicLong();
    private final ConcurrentSkipListMap<Long, Runnable> events = new ConcurrentSkipListMap<>();

    @Override
    public Instant now() {
        return START.plusNanos(nanos.get());
    }

    @Override
    public long nanos() {
        return nanos.get();
    }

    @Override
    public void sleep(Duration duration) {
        advance(duration);
    }

    /** Moves the clock; what was to happen meanwhile has happened when this returns. */
    public void advance(Duration duration) {
        long now = nanos.addAndGet(duration.toNanos());
        for (Map.Entry<Long, Runnable> next = events.firstEntry();
                next != null && next.getKey() <= now;
                next = events.firstEntry()) {
            if (events.remove(next.getKey(), next.getValue())) {
                next.getValue().run();
            }
        }
    }

    /** Lets something happen once the clock has moved so far; another event of the same moment is replaced. */
    public void in(Duration duration, Runnable event) {
        events.put(nanos.get() + duration.toNanos(), event);
    }
}
