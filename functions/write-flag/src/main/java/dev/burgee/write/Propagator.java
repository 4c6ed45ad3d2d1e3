package dev.burgee.write;

import dev.burgee.cache.Applied;
import dev.burgee.cache.CacheReadOnlyException;
import dev.burgee.cache.CacheUnavailableException;
import dev.burgee.cache.FlagCache;
import dev.burgee.ledger.Entry;
import dev.burgee.ledger.Ledger;
import dev.burgee.ledger.LedgerState;
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
import dev.burgee.time.Time;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells the writable cache of an entry that is in the ledger: in order, with whatever the cache has missed before it, or
 * by a whole load. What does not succeed in time is left to later writers and the pulse; the entry is kept. Thread-safe.
 */
final class Propagator {
    /** A cache that is further behind than this is loaded anew: cheaper than so many entries one by one. */
    static final int BEHIND_MAX = 1_000;

    private static final int STEPS_MAX = 8;

    private final Caches caches;
    private final CacheTier home;
    private final Ledger ledger;
    private final Retry retry;
    private final Metrics metrics;
    private final Log log;
    private final Time time;

    Propagator(Caches caches, CacheTier home, Ledger ledger, Retry retry, Metrics metrics, Log log, Time time) {
        this.caches = caches;
        this.home = home;
        this.ledger = ledger;
        this.retry = retry;
        this.metrics = metrics;
        this.log = log;
        this.time = time;
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
            return bring(cache, entry, before, deadline);
        } catch (CacheReadOnlyException e) {
            metrics.count(Metric.READ_ONLY_REJECTED);
            throw e;
        }
    }

    /** Applies the entry, after whatever the cache says it misses; returns the position that the cache has reached. */
    private Position bring(FlagCache cache, Entry entry, @Nullable Instant before, Deadline deadline) {
        List<Entry> next = List.of(entry);
        for (int step = 0; step < STEPS_MAX; step++) {
            switch (cache.apply(next, next.getLast().equals(entry) ? before : null)) {
                case Applied.Reached(Position position)
                when position.isAtLeast(entry.position()) -> {
                    return position;
                }
                case Applied.Reached(Position position) -> next = missing(position, entry, deadline);
                case Applied.Gap(Position position)
                when entry.number() - position.number() <= BEHIND_MAX -> next = missing(position, entry, deadline);
                case Applied.Gap _ -> load(cache, deadline);
                case Applied.Empty _ -> load(cache, deadline);
            }
        }
        throw new CacheUnavailableException("the cache of " + cache.region() + " did not come to rest", null);
    }

    private List<Entry> missing(Position after, Entry entry, Deadline deadline) {
        long count = entry.number() - after.number();
        return ledger.entriesAfter(after, (int) Math.min(count, BEHIND_MAX), deadline);
    }

    private void load(FlagCache cache, Deadline deadline) {
        Instant before = time.now();
        LedgerState state = ledger.readAll(deadline);
        boolean loaded = cache.load(state, before, caches.home().region());
        log.info("cache_loaded", Map.of("position", state.position().number(), "in_place", loaded));
    }
}
