package dev.burgee.local;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.OptionalLong;

/**
 * Measures replication lag in time: remembers when the primary's replication offset passed which value, so that a replica's
 * offset tells for how long it has been missing the oldest byte that it misses. Thread-safe.
 */
final class ReplicationClock {
    /** At one sample in 50 ms, ten minutes of steady writing. */
    private static final int SAMPLES_MAX = 12_000;

    private final Deque<Sample> samples = new ArrayDeque<>();
    private String replicationId = "";

    /** What the primary said; samples of an earlier history (another id) are forgotten. */
    synchronized void primaryIsAt(String id, long offset, long nanos) {
        if (!id.equals(replicationId)) {
            samples.clear();
            replicationId = id;
        }
        Sample last = samples.peekLast();
        if (last == null || last.offset != offset) {
            if (samples.size() == SAMPLES_MAX) {
                samples.removeFirst();
            }
            samples.addLast(new Sample(offset, nanos));
        }
    }

    /** Milliseconds; empty when the replica follows another history than the primary's, or none is known. */
    synchronized OptionalLong lagMs(String id, long offset, long nanos) {
        if (!id.equals(replicationId) || samples.isEmpty()) {
            return OptionalLong.empty();
        }
        for (Iterator<Sample> oldestFirst = samples.iterator(); oldestFirst.hasNext(); ) {
            Sample sample = oldestFirst.next();
            if (sample.offset > offset) {
                return OptionalLong.of((nanos - sample.nanos) / 1_000_000);
            }
        }
        return OptionalLong.of(0);
    }

    private record Sample(long offset, long nanos) {}
}
