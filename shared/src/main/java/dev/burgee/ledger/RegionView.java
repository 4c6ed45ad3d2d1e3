package dev.burgee.ledger;

import dev.burgee.health.RegionHealth;
import dev.burgee.region.Region;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one region's pulse saw, left where all regions' pulses find it.
 *
 * @param region whose view it is
 * @param at when it was taken, by that region's clock, to the millisecond
 * @param home the region that it took for the home
 * @param failures how many pulses in a row found the home's cache out of reach, this one included; 0: it answered
 * @param writable whether the region's own cache accepts writes
 * @param position what the region's own cache shows; null: nothing, or it did not answer
 * @param health what it measured; null: nothing yet, or a version left it that measured nothing
 */
public record RegionView(
        Region region,
        Instant at,
        Region home,
        int failures,
        boolean writable,
        @Nullable Position position,
        @Nullable RegionHealth health) {
    public RegionView {
        if (failures < 0) {
            throw new IllegalArgumentException("failures is " + failures + ", but must be 0 or more");
        }
    }

    /** A view without measurements. */
    public RegionView(
            Region region, Instant at, Region home, int failures, boolean writable, @Nullable Position position) {
        this(region, at, home, failures, writable, position, null);
    }
}
