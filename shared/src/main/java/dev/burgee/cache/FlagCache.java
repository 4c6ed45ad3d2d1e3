package dev.burgee.cache;

import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.ledger.Entry;
import dev.burgee.ledger.LedgerState;
import dev.burgee.ledger.Position;
import dev.burgee.region.Region;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One region's cache: a copy of a prefix of the ledger. Every call may throw {@link CacheUnavailableException} (of which
 * {@link CacheReadOnlyException} and {@link CacheDeniedException} are the kinds that callers tell apart), and takes no
 * longer than the connect and read limits of its client. Thread-safe.
 */
public interface FlagCache {
    /** At most so many values come with {@link #newsSince}. */
    int VALUES_MAX = 32;

    /** The region whose cache this is. */
    Region region();

    /** What is beside the flags at the same server. */
    CacheMonitor monitor();

    CacheHead head();

    /**
     * Whether the cache accepts writes, found by one that changes nothing, with its head: one round trip. A replica is an
     * answer here, no {@link CacheReadOnlyException}.
     */
    CacheStanding standing();

    CacheReading read(FlagKey key);

    /** Everything, in one command. */
    CacheSnapshot readAll();

    /** One round trip that proves that nothing changed since {@code position}, or a second one that says what did. */
    CacheNews newsSince(Position position);

    /** The given fields, with the head at the same instant. */
    CacheSnapshot read(List<FlagKey> keys);

    /**
     * Applies contiguous entries in order; those that the cache already has are skipped.
     *
     * @param entries at least one, numbers rising by one
     * @param before when the last entry was the ledger's end, a moment before that was read or appended, as for {@link
     *     #confirm}; null: not known
     */
    Applied apply(List<Entry> entries, @Nullable Instant before);

    /**
     * Notes that {@code end} was the ledger's end at {@code before}, if the cache has reached it and knows nothing newer.
     *
     * @param before a moment before the ledger was read or appended to
     */
    void confirm(Position end, Instant before);

    /**
     * Puts a flag back in place of its marker, if that very marker is still there and the version is within the cache's
     * position. Returns whether it was.
     */
    boolean fill(FlagKey key, long markerEntry, FlagState state);

    /**
     * Puts a whole state in place of what the cache has, if the cache shows no position or a smaller one. Returns whether
     * it was put in place.
     *
     * @param before a moment before the ledger was read
     * @param home the home region to note when the state names none
     */
    boolean load(LedgerState state, Instant before, @Nullable Region home);
}
