package dev.burgee.pulse;

import dev.burgee.cache.CacheReplication;
import dev.burgee.catchup.CatchUp;
import dev.burgee.hint.HomeHint;
import dev.burgee.ledger.Ledger;
import dev.burgee.log.Log;
import dev.burgee.metrics.Metrics;
import dev.burgee.primary.Caches;
import dev.burgee.region.Region;
import dev.burgee.time.Time;
import dev.burgee.topology.Topology;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Looks after one region: see {@link PulseRun} for the steps. Each is harmless when repeated, done at once elsewhere, or the
 * last that gets done. Thread-safe.
 */
final class Pulse {
    private final Parts parts;

    /**
     * What it works with.
     *
     * @param interval between two pulses by schedule
     * @param replication of this region's own cache; used in the self-managed profile only
     * @param hint where the home is announced; empty: nowhere
     * @param operationIds a new one each time
     */
    record Parts(
            Region here,
            Profile profile,
            boolean autoPromote,
            Duration interval,
            Supplier<Topology> topology,
            Caches caches,
            CacheReplication replication,
            Ledger ledger,
            CatchUp catchUp,
            Promoter promoter,
            CheckUp checkUp,
            Scrub scrub,
            Optional<HomeHint> hint,
            Supplier<String> operationIds,
            Metrics metrics,
            Log log,
            Time time) {}

    Pulse(Parts parts) {
        this.parts = parts;
    }

    /** Does what was asked for, as far as it goes. Throws nothing for a part that failed: the report has it. */
    PulseReport pulse(PulseRequest request) {
        PulseReport report = new PulseRun(parts, request).run();
        parts.metrics().endOfRequest();
        return report;
    }

    /** Notes an event that was refused. */
    void refused(String problem) {
        parts.log().warn("event_refused", Map.of("problem", problem));
    }
}
