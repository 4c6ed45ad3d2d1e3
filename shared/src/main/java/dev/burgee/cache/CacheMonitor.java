package dev.burgee.cache;

import dev.burgee.flag.FlagKey;
import dev.burgee.health.CacheVitals;
import dev.burgee.region.Region;
import dev.burgee.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What is beside the flags in one region's cache: heartbeats and views, each a key of its own that expires, and what the
 * server counts. Losing them loses nothing. Calls fail as those of {@link FlagCache} do. Thread-safe.
 */
public interface CacheMonitor {
    /** A heartbeat or view that nobody renews is gone after this. */
    Duration KEPT = DataKind.HEARTBEAT.lifetime();

    /**
     * A heartbeat's write, by the caller's monotonic clock: the server did it between the two moments.
     *
     * @param sentNanos when the write left, on a connection that was there already
     * @param answeredNanos when its answer came
     */
    record Beat(long sentNanos, long answeredNanos) {
        /** Half of the round trip after it left. Wrong by at most that half: as much as the ways there and back differ. */
        public long doneNanos() {
            return sentNanos + (answeredNanos - sentNanos) / 2;
        }
    }

    /**
     * Writes a region's heartbeat.
     *
     * @param at what {@link #beats} shows where it has arrived
     * @throws CacheReadOnlyException when this cache accepts no writes
     */
    Beat beat(Region from, Instant at, Time time);

    /** The newest heartbeats that this cache shows, of those regions that have one. */
    Map<Region, Instant> beats(Collection<Region> from);

    /**
     * Leaves a region's view, as text.
     *
     * @throws CacheReadOnlyException when this cache accepts no writes
     */
    void post(Region from, String view);

    /** The views that this cache shows, of those regions that have one. */
    Map<Region, String> posted(Collection<Region> from);

    /**
     * Takes the right to load this cache, for a while; others who ask meanwhile do not get it.
     *
     * @throws CacheReadOnlyException when this cache accepts no writes
     */
    boolean claimLoad(Duration kept);

    /** Some of the flags that have a field, each as likely as the other; all of them when there are no more. */
    List<FlagKey> someFlags(int count);

    /** What the server counts. */
    CacheVitals vitals();
}
