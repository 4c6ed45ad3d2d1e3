package dev.burgee.read;

import dev.burgee.cache.CacheHead;
import dev.burgee.ledger.Ledger;
import dev.burgee.ledger.RegionView;
import dev.burgee.ledger.ViewFormat;
import dev.burgee.primary.CacheTier;
import dev.burgee.primary.Caches;
import dev.burgee.region.Region;
import dev.burgee.time.Deadline;
import dev.burgee.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The regions' views as this process knows them, and what this region's cache shows of itself. Views come from two places,
 * because each fails when the other is needed: the copies beside this region's cache are near, but stop when the home is
 * lost; the ledger has them all, but from afar takes longer than a health call may, and a frozen function does not go on
 * fetching. The newest of each region counts. Thread-safe.
 */
final class KnownViews {
    /** A health call waits no longer than this for a fetch: what came by then is shown. */
    static final Duration WAIT_MAX = Duration.ofMillis(40);

    /** Connections and secrets come first in a cold process. */
    static final Duration FIRST_MAX = Duration.ofSeconds(1);

    private static final Duration CACHE_EVERY = Duration.ofSeconds(1);
    private static final Duration LEDGER_EVERY = Duration.ofSeconds(10);
    private static final Duration FETCH_MAX = Duration.ofSeconds(2);

    /** What the cache showed longer ago says nothing of now. */
    private static final Duration SIGHTING_MAX = Duration.ofSeconds(5);

    private final ConcurrentHashMap<Region, RegionView> known = new ConcurrentHashMap<>();
    private final Caches caches;
    private final CacheTier local;
    private final Region here;
    private final Refresh cache;
    private final Refresh ledger;
    private final Time time;
    private volatile @Nullable Sighting sighting;

    private record Sighting(CacheHead head, long nanos) {}

    /**
     * Fetches nothing yet.
     *
     * @param here where the caller is; a cache of another region is not asked
     */
    KnownViews(Caches caches, CacheTier local, Ledger ledger, Region here, Executor background, Time time) {
        this.caches = caches;
        this.local = local;
        this.here = here;
        this.time = time;
        this.cache = new Refresh(
                () -> caches.regions().contains(here) ? lookAtOwn() : List.of(), CACHE_EVERY, background, time, known);
        this.ledger =
                new Refresh(() -> ledger.views(Deadline.after(FETCH_MAX, time)), LEDGER_EVERY, background, time, known);
    }

    /**
     * The newest view of each region that is at hand: waits at most {@link #WAIT_MAX} for this region's cache, and in that
     * time for the ledger only if a view is missing or older than a pulse.
     */
    Map<Region, RegionView> newest() {
        cache.begin();
        ledger.begin();
        Deadline deadline = Deadline.after(WAIT_MAX, time);
        cache.await(deadline.remaining());
        if (!isCurrent()) {
            ledger.await(deadline.remaining());
        }
        return Map.copyOf(known);
    }

    /** {@link #newest}, for which a process that has asked nobody yet waits up to {@link #FIRST_MAX}. */
    Map<Region, RegionView> first() {
        cache.begin();
        ledger.begin();
        Deadline deadline = Deadline.after(FIRST_MAX, time);
        for (Refresh each : List.of(cache, ledger)) {
            if (each.state() == Refresh.State.NONE_YET) {
                each.await(deadline.remaining());
            }
        }
        return newest();
    }

    /** What this region's cache showed of itself a moment ago; null: it has none, or that does not answer. */
    @Nullable
    CacheHead own() {
        Sighting seen = sighting;
        return seen == null || time.nanos() - seen.nanos() > SIGHTING_MAX.toNanos() ? null : seen.head();
    }

    /** Whether the ledger answered when it was asked last. */
    boolean ledgerAnswers() {
        return ledger.state() == Refresh.State.CAME;
    }

    private boolean isCurrent() {
        Instant now = time.now();
        return caches.regions().stream().allMatch(region -> {
            RegionView view = known.get(region);
            return view != null
                    && view.health() != null
                    && RegionsJson.age(view, now).compareTo(view.health().interval()) <= 0;
        });
    }

    private List<RegionView> lookAtOwn() {
        long asked = time.nanos();
        Map<Region, String> posted;
        try {
            posted = local.call(
                    () -> caches.of(here),
                    own -> {
                        sighting = new Sighting(own.head(), asked);
                        return own.monitor().posted(caches.regions());
                    },
                    Deadline.after(FETCH_MAX, time));
        } catch (RuntimeException e) {
            sighting = null;
            throw e;
        }
        return posted.values().stream()
                .flatMap(text -> ViewFormat.read(text).stream())
                .toList();
    }
}
