package dev.burgee.primary;

import dev.burgee.cache.FlagCache;
import dev.burgee.cache.RedisCaches;
import dev.burgee.log.Log;
import dev.burgee.metrics.Metrics;
import dev.burgee.region.Region;
import dev.burgee.secret.RefreshingSecret;
import dev.burgee.settings.Limits;
import dev.burgee.time.Deadline;
import dev.burgee.time.Time;
import dev.burgee.topology.Topology;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The caches that the topology secret names; when it changes (a password, an address), new connections take the place of
 * the old, and what was found out about the home stays. Which one is home: {@link PrimaryLocator}. Thread-safe.
 */
public final class RegionCaches implements Caches {
    private final RefreshingSecret<Topology> topology;
    private final Function<Topology, RedisCaches> open;
    private final PrimaryLocator.Parts parts;
    private volatile @Nullable Opened opened;

    private record Opened(Topology topology, long generation, RedisCaches caches, PrimaryLocator locator) {
        /** By identity, on every read: the secret hands out the same object while its text is the same. */
        @SuppressWarnings("ReferenceEquality")
        boolean isOf(Topology now) {
            return topology == now;
        }

        FlagCache home() {
            return caches.of(locator.home());
        }
    }

    /**
     * Connects to nothing yet.
     *
     * @param open makes the connections of a topology, on first use of each
     */
    public RegionCaches(
            RefreshingSecret<Topology> topology,
            Function<Topology, RedisCaches> open,
            Limits limits,
            Metrics metrics,
            Log log,
            Time time) {
        this.topology = topology;
        this.open = open;
        this.parts = new PrimaryLocator.Parts(limits, metrics, log, time);
    }

    /** In a region without a cache: the home's. */
    @Override
    public FlagCache local() {
        Opened current = current();
        return current.caches().here().map(current.caches()::of).orElseGet(current::home);
    }

    @Override
    public FlagCache home() {
        return current().home();
    }

    @Override
    public boolean localIsHome() {
        Opened current = current();
        Region home = current.locator().home();
        return current.caches().here().map(home::equals).orElse(true);
    }

    @Override
    public List<FlagCache> writable() {
        Opened current = current();
        return current.locator().writable().stream().map(current.caches()::of).toList();
    }

    @Override
    public Set<Region> regions() {
        return current().caches().regions();
    }

    @Override
    public FlagCache of(Region region) {
        return current().caches().of(region);
    }

    @Override
    public void hint(Region home) {
        current().locator().hint(home);
    }

    @Override
    public boolean locate(Deadline deadline) {
        return current().locator().locate(deadline);
    }

    @Override
    public void suspect() {
        current().locator().suspect();
    }

    @Override
    public boolean renew(Deadline deadline) {
        Opened used = opened;
        return used != null && topology.refreshNow(used.generation(), deadline);
    }

    /**
     * Drops all connections, for example those from before a snapshot, and what was believed then; the next use makes new
     * ones.
     */
    public synchronized void reset() {
        Opened current = opened;
        opened = null;
        if (current != null) {
            current.caches().close();
        }
    }

    private Opened current() {
        Topology now = topology.get();
        Opened current = opened;
        return current != null && current.isOf(now) ? current : reopen(now);
    }

    private synchronized Opened reopen(Topology now) {
        Opened current = opened;
        if (current != null && current.isOf(now)) {
            return current;
        }
        RedisCaches caches = open.apply(now);
        Belief earlier = current == null ? Belief.NONE : current.locator().belief();
        PrimaryLocator locator = new PrimaryLocator(caches.regions(), caches::of, now.primary(), earlier, parts);
        Opened next = new Opened(now, topology.generation(), caches, locator);
        opened = next;
        if (current != null) {
            if (!now.primary().equals(current.topology().primary())) {
                locator.hint(now.primary()); // somebody changed it on purpose
            }
            // commands under way end first: a pool that is closed takes its borrowed connections back one by one
            current.caches().close();
        }
        return next;
    }
}
