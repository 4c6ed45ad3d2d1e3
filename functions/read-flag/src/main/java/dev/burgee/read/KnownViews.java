package dev.burgee.read;

import dev.burgee.ledger.Ledger;
import dev.burgee.ledger.RegionView;
import dev.burgee.ledger.ViewFormat;
import dev.burgee.primary.CacheTier;
import dev.burgee.primary.Caches;
import dev.burgee.region.Region;
import dev.burgee.time.Deadline;
import dev.burgee.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * The regions' views as this process knows them. They come from two places, because each fails when the other is needed: the
 * copies beside this region's cache are near, but stop when the home is lost; the ledger has them all, but from afar takes
 * longer than a health call may, and a frozen function does not go on fetching. The newest of each region counts.
 * Thread-safe.
 */
final class KnownViews {
    /** A health call waits no longer than this for a fetch: what came by then is shown. */
    static final Duration WAIT_MAX = Duration.ofMillis(60);

    private static final Duration CACHE_EVERY = Duration.ofSeconds(1);
    private static final Duration LEDGER_EVERY = Duration.ofSeconds(10);
    private static final Duration FETCH_MAX = Duration.ofSeconds(2);

    private final ConcurrentHashMap<Region, RegionView> known = new ConcurrentHashMap<>();
    private final Refresh cache;
    private final Refresh ledger;
    private final Time time;

    /**
     * Fetches nothing yet.
     *
     * @param here where the caller is; a cache of another region is not asked
     */
    KnownViews(Caches caches, CacheTier local, Ledger ledger, Region here, Executor background, Time time) {
        this.time = time;
        this.cache = new Refresh(
                () -> caches.regions().contains(here) ? posted(caches, local, here, time) : List.of(),
                CACHE_EVERY,
                background,
                time,
                known);
        this.ledger =
                new Refresh(() -> ledger.views(Deadline.after(FETCH_MAX, time)), LEDGER_EVERY, background, time, known);
    }

    /** The newest view of each region that is at hand, or within {@link #WAIT_MAX}. */
    Map<Region, RegionView> newest() {
        cache.begin();
        ledger.begin();
        Deadline deadline = Deadline.after(WAIT_MAX, time);
        cache.await(deadline.remaining());
        ledger.await(deadline.remaining());
        return Map.copyOf(known);
    }

    /** Asks this region's cache beside the caller, so that its breaker knows how it is although nobody reads. */
    void probe() {
        cache.begin();
    }

    private static List<RegionView> posted(Caches caches, CacheTier local, Region here, Time time) {
        return local.ask(
                        () -> caches.of(here),
                        own -> own.monitor().posted(caches.regions()),
                        Deadline.after(FETCH_MAX, time))
                .map(texts -> texts.values().stream()
                        .flatMap(text -> ViewFormat.read(text).stream())
                        .toList())
                .orElse(List.of());
    }
}
