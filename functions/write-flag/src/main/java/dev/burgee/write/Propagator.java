package dev.burgee.write;

import dev.burgee.cache.CacheReadOnlyException;
import dev.burgee.cache.CacheUnavailableException;
import dev.burgee.cache.FlagCache;
import dev.burgee.catchup.CatchUp;
import dev.burgee.ledger.Entry;
import dev.burgee.ledger.LedgerUnavailableException;
import dev.burgee.ledger.Position;
import dev.burgee.log.Log;
import dev.burgee.metrics.Metric;
import dev.burgee.metrics.Metrics;
import dev.burgee.primary.CacheTier;
import dev.burgee.primary.Caches;
import dev.burgee.region.Region;
import dev.burgee.tier.NotAskedException;
import dev.burgee.tier.Retry;
import dev.burgee.time.Deadline;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells the writable cache of an entry that is in the ledger: in order, with whatever the cache has missed before it, or
 * by a whole load. What does not succeed in time is left to later writers and the pulse; the entry is kept. Thread-safe.
 */
final class Propagator {
    private final Caches caches;
    private final CacheTier home;
    private final CatchUp catchUp;
    private final Retry retry;
    private final Metrics metrics;
    private final Log log;

    Propagator(Caches caches, CacheTier home, CatchUp catchUp, Retry retry, Metrics metrics, Log log) {
        this.caches = caches;
        this.home = home;
        this.catchUp = catchUp;
        this.retry = retry;
        this.metrics = metrics;
        this.log = log;
    }

    /**
     * Brings the entry to the home's cache.
     *
     * @param before a moment before the entry was appended as the ledger's end; null when that is not known
     */
    Propagation propagate(Entry entry, @Nullable Instant before, Deadline deadline) {
        Region region = caches.home().region();
        try {
            retry.call(
                    CacheUnavailableException.class,
                    deadline,
                    () -> metrics.count(Metric.WRITE_RETRY),
                    () -> home.call(caches::home, cache -> counted(cache, entry, before, deadline), deadline));
            return new Propagation(false, region);
        } catch (CacheUnavailableException | LedgerUnavailableException | NotAskedException e) {
            log.warn(
                    "propagation_delayed",
                    Map.of(
                            "write_region",
                            region.code(),
                            "entry",
                            entry.number(),
                            "cause",
                            String.valueOf(e.getMessage())));
            return new Propagation(true, region);
        }
    }

    private Position counted(FlagCache cache, Entry entry, @Nullable Instant before, Deadline deadline) {
        try {
            return catchUp.bring(cache, entry, before, caches.home().region(), deadline);
        } catch (CacheReadOnlyException e) {
            metrics.count(Metric.READ_ONLY_REJECTED);
            throw e;
        }
    }
}
