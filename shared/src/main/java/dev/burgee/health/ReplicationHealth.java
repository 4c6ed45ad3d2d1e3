package dev.burgee.health;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How well the home's changes reach a cache.
 *
 * @param lagMs from a write at the home to its being visible here; at least that when the heartbeat did not arrive while
 *     somebody watched; null: not measured, or this is the home
 * @param heartbeat the newest that this cache has shown; null: never one
 * @param behindEntries how many entries of the ledger the cache lacks; null: not known
 * @param behindMs the age of the oldest of these; 0 without any; null: not known
 */
public record ReplicationHealth(
        @Nullable Double lagMs,
        @Nullable Instant heartbeat,
        @Nullable Long behindEntries,
        @Nullable Long behindMs) {
    /** Nothing is known. */
    public static final ReplicationHealth UNKNOWN = new ReplicationHealth(null, null, null, null);
}
