package dev.burgee.health;

import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How busy and how full a cache is. Each is null while it is not known; rates and shares are those since the last look.
 *
 * @param hitRatePercent of look-ups of keys at this server; null when there were none
 * @param commandP99Ms 99 of 100 commands took no longer inside the server; to a factor of two
 */
public record CacheUse(
        @Nullable Double memoryUsedPercent,
        @Nullable Double evictionsPerSecond,
        @Nullable Double commandP99Ms,
        @Nullable Double hitRatePercent,
        @Nullable Integer connections) {
    /** Nothing is known. */
    public static final CacheUse UNKNOWN = new CacheUse(null, null, null, null, null);

    private static final int PERCENT = 100;
    private static final double MICROS_PER_MILLI = 1_000;

    /**
     * What two looks tell.
     *
     * @param before the look before; null: none, so that the counters tell of all the server's life
     * @param between the time from that one to this; null with it
     */
    public static CacheUse of(@Nullable CacheVitals before, @Nullable Duration between, CacheVitals now) {
        CacheVitals base = before != null && before.server().equals(now.server()) ? before : null;
        long hits = now.hits() - (base == null ? 0 : base.hits());
        long misses = now.misses() - (base == null ? 0 : base.misses());
        Double evictions = null;
        if (base != null && between != null && between.isPositive()) {
            evictions = Math.max(0, now.evicted() - base.evicted()) * 1e9 / between.toNanos();
        }
        return new CacheUse(
                now.maxBytes() <= 0 ? null : (double) PERCENT * now.usedBytes() / now.maxBytes(),
                evictions,
                p99(base == null ? null : base.commands(), now.commands()),
                hits < 0 || misses < 0 || hits + misses == 0 ? null : (double) PERCENT * hits / (hits + misses),
                now.connections());
    }

    private static @Nullable Double p99(@Nullable SortedMap<Long, Long> before, SortedMap<Long, Long> now) {
        TreeMap<Long, Long> fresh = new TreeMap<>();
        long all = 0;
        for (Map.Entry<Long, Long> bucket : now.entrySet()) {
            long count = bucket.getValue() - (before == null ? 0 : before.getOrDefault(bucket.getKey(), 0L));
            if (count > 0) {
                fresh.put(bucket.getKey(), count);
                all += count;
            }
        }
        long slower = 0;
        for (Map.Entry<Long, Long> bucket : fresh.descendingMap().entrySet()) {
            slower += bucket.getValue();
            if (slower * PERCENT > all) {
                return bucket.getKey() / MICROS_PER_MILLI;
            }
        }
        return null;
    }
}
