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
import dev.burgee.tier.Beside;
import dev.burgee.tier.NotAskedException;
import dev.burgee.tier.Retry;
import dev.burgee.time.Deadline;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells every writable cache of an entry that is in the ledger: in order, with whatever the cache has missed before it, or
 * by a whole load. When none takes it the home is looked for: found, it is told; not found, the entry is left to later
 * writers and the pulse, at once. The entry is kept either way. Thread-safe.
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
     * Brings the entry to the home's cache, and to any other that is writable.
     *
     * @param before a moment before the entry was appended as the ledger's end; null when that is not known
     */
    Propagation propagate(Entry entry, @Nullable Instant before, Deadline deadline) {
        News news = new News(entry, before, deadline);
        try {
            return retry.call(
                    CacheUnavailableException.class, deadline, () -> metrics.count(Metric.WRITE_RETRY), news::tell);
        } catch (CacheUnavailableException | LedgerUnavailableException | NotAskedException e) {
            Region region = caches.home().region();
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

    /** One entry on its way to the caches. */
    private final class News {
        private final Entry entry;
        private final @Nullable Instant before;
        private final Deadline deadline;

        News(Entry entry, @Nullable Instant before, Deadline deadline) {
            this.entry = entry;
            this.before = before;
            this.deadline = deadline;
        }

        /**
         * Tells all caches that are believed to be writable; the answer names the first of them that took it.
         *
         * @throws CacheUnavailableException when none took it, and a writable one was found since: try again
         * @throws NotAskedException when none took it, and none is writable
         */
        Propagation tell() {
            List<FlagCache> writable = caches.writable();
            try {
                return new Propagation(false, writable.size() == 1 ? tell(writable.getFirst()) : tellEach(writable));
            } catch (CacheUnavailableException | NotAskedException e) {
                if (!caches.locate(deadline)) {
                    throw new NotAskedException("no cache is known to take writes; the home's: " + e.getMessage());
                }
                // it answered just now, whatever became of it before
                caches.writable().forEach(cache -> home.breaker(cache.region()).probeNow());
                throw e instanceof CacheUnavailableException again
                        ? again
                        : new CacheUnavailableException(String.valueOf(e.getMessage()), e);
            }
        }

        private Region tell(FlagCache cache) {
            Region region = cache.region();
            // asked for by name, because after a new password it is another object
            home.call(
                    () -> caches.regions().contains(region) ? caches.of(region) : cache,
                    asked -> counted(asked),
                    deadline);
            return region;
        }

        /** In a split brain: all at once, so that one which fails holds up no other. */
        private Region tellEach(List<FlagCache> writable) {
            List<Beside<Region>> tellings = writable.stream()
                    .map(cache -> Beside.start("tell-" + cache.region(), () -> tell(cache)))
                    .toList();
            @Nullable Region first = null;
            @Nullable RuntimeException failure = null;
            for (Beside<Region> telling : tellings) {
                try {
                    Region told = telling.outcome(deadline, News::unanswered);
                    first = first == null ? told : first;
                } catch (RuntimeException e) {
                    failure = e;
                }
            }
            if (first == null) {
                throw failure == null ? new IllegalStateException("no cache is writable") : failure;
            }
            if (failure != null) {
                caches.suspect(); // perhaps it is writable no more, which is how a split brain ends
            }
            return first;
        }

        private static CacheUnavailableException unanswered(Exception cause) {
            return new CacheUnavailableException(
                    cause instanceof InterruptedException ? "interrupted" : "a writable cache did not answer in time",
                    cause);
        }

        private Position counted(FlagCache cache) {
            try {
                return catchUp.bring(cache, entry, before, caches.home().region(), deadline);
            } catch (CacheReadOnlyException e) {
                metrics.count(Metric.READ_ONLY_REJECTED);
                throw e;
            }
        }
    }
}
