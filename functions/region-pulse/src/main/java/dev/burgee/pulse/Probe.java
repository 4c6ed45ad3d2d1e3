package dev.burgee.pulse;

import dev.burgee.cache.CacheStanding;
import dev.burgee.ledger.Position;
import dev.burgee.region.Region;
import org.jspecify.annotations.Nullable;

/**
 * How one region's cache answered.
 *
 * @param standing null: it did not
 * @param silent whether it seems to be out of reach; a cache that refuses our password is not
 * @param problem why there is no standing
 */
record Probe(
        Region region,
        @Nullable CacheStanding standing,
        boolean silent,
        long roundTripMs,
        @Nullable String problem) {
    boolean isWritable() {
        return standing != null && standing.writable();
    }

    @Nullable
    Position position() {
        return standing == null ? null : standing.head().position();
    }
}
