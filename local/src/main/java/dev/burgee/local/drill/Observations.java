package dev.burgee.local.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What the callers saw so far. Thread-safe. */
final class Observations {
    private final List<WriteSeen> writes = new ArrayList<>();
    private final List<ReadSeen> reads = new ArrayList<>();
    private final AtomicLong newest = new AtomicLong();

    void add(WriteSeen write) {
        synchronized (writes) {
            writes.add(write);
        }
        newest.accumulateAndGet(write.version(), Math::max);
    }

    void add(ReadSeen read) {
        synchronized (reads) {
            reads.add(read);
        }
    }

    List<WriteSeen> writes() {
        synchronized (writes) {
            return List.copyOf(writes);
        }
    }

    List<ReadSeen> reads() {
        synchronized (reads) {
            return List.copyOf(reads);
        }
    }

    /** The position of the newest write that was acknowledged to anybody; 0: none. */
    long newest() {
        return newest.get();
    }
}
