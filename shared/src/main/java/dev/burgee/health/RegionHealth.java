package dev.burgee.health;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one region's pulse measured. Immutable.
 *
 * @param measured when, by that region's clock
 * @param interval between two pulses of that region
 * @param epoch how many promotions there were; null: the ledger did not say
 * @param writable how many caches accepted writes
 * @param cache the region's own
 * @param home the home's cache, asked from this region; that it accepts writes is no part of it
 * @param ledger any region of it
 * @param ledgerMs one read of the ledger; null: it did not answer
 * @param checked when the own cache was last confirmed to be at the ledger's end; null: never, or not known
 * @param vitals what the own cache counted, for the next look; null: it did not answer
 */
public record RegionHealth(
        Instant measured,
        Duration interval,
        @Nullable Long epoch,
        int writable,
        TierHealth cache,
        TierHealth home,
        TierHealth ledger,
        @Nullable Double ledgerMs,
        @Nullable Instant checked,
        ReplicationHealth replication,
        CacheUse use,
        @Nullable CacheVitals vitals) {}
