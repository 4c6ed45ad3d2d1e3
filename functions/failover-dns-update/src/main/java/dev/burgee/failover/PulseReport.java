package dev.burgee.failover;

import dev.burgee.region.Region;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What region-pulse reports, as far as it matters here. Immutable.
 *
 * @param home what the last promotion names; null when the ledger was out of reach
 * @param cache whether this region's own cache takes writes
 * @param wanted the region that should become home, by majority and opt-in; null: none
 * @param problems what went wrong there
 * @param lag the replication lag into this region, as it was measured last; null: not known
 */
record PulseReport(
        @Nullable Home home,
        Cache cache,
        @Nullable Wanted wanted,
        List<String> problems,
        @Nullable Lag lag) {
    PulseReport {
        problems = List.copyOf(problems);
    }

    /** A report without a measured lag. */
    PulseReport(@Nullable Home home, Cache cache, @Nullable Wanted wanted, List<String> problems) {
        this(home, cache, wanted, problems, null);
    }

    /** A measurement, and when it was made. */
    record Lag(Duration lag, Instant at) {}

    /**
     * The home by the ledger.
     *
     * @param epoch the number of promotions; 0: none yet, and the region is the topology's primary
     * @param since when that was decided; null in epoch 0
     */
    record Home(Region region, long epoch, @Nullable Instant since) {}

    /** The own cache, seen from inside the VPC. */
    enum Cache {
        WRITABLE,
        READ_ONLY,
        /** Not reached, or not said. */
        UNKNOWN
    }

    /** A wish for a promotion. */
    record Wanted(Region region, String why) {}
}
