package dev.burgee.local;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** Looks at a position again and again, on a thread of its own, and remembers when it first saw each. Thread-safe. */
final class Watch implements AutoCloseable {
    /** What a look costs comes on top. */
    private static final Duration PAUSE = Duration.ofMillis(1);

    private final ConcurrentSkipListMap<Long, Long> seenAt = new ConcurrentSkipListMap<>();
    private final Thread thread;

    /** Starts it; a look that fails is repeated. */
    Watch(String name, LongSupplier position) {
        this(name, PAUSE, position);
    }

    /**
     * Starts it.
     *
     * @param pause between two looks: where many watch on a small machine, longer ones leave it time for what they watch
     */
    Watch(String name, Duration pause, LongSupplier position) {
        thread = Thread.ofPlatform().daemon().name("watch-" + name).start(() -> look(position, pause));
    }

    private void look(LongSupplier position, Duration pause) {
        long last = -1;
        while (!Thread.currentThread().isInterrupted()) {
            long now;
            try {
                now = position.getAsLong();
            } catch (RuntimeException e) {
                continue;
            }
            if (now > last) {
                seenAt.put(now, System.nanoTime());
                last = now;
            }
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    boolean hasSeen(long position) {
        return seenAt.ceilingKey(position) != null;
    }

    /** When that position or a later one was first seen, by the monotonic clock. */
    long seenAtNanos(long position) {
        Map.Entry<Long, Long> first = seenAt.ceilingEntry(position);
        if (first == null) {
            throw new IllegalArgumentException("position " + position + " was not seen");
        }
        return first.getValue();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
