package dev.burgee.primary;

import dev.burgee.cache.FlagCache;
import dev.burgee.cache.RedisCaches;
import dev.burgee.region.Region;
import dev.burgee.secret.RefreshingSecret;
import dev.burgee.time.Deadline;
import dev.burgee.topology.Topology;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The caches that the topology secret names; when it changes (a password, an address), new connections take the place of
 * the old. The home is the topology's primary. Thread-safe.
 */
public final class RegionCaches implements Caches {
    private final RefreshingSecret<Topology> topology;
    private final Function<Topology, RedisCaches> open;
    private volatile @Nullable Opened opened;

    private record Opened(Topology topology, long generation, Region home, RedisCaches caches) {
        /** By identity, on every read: the secret hands out the same object while its text is the same. */
        @SuppressWarnings("ReferenceEquality")
        boolean isOf(Topology now) {
            return topology == now;
        }
    }

    /**
     * Connects to nothing yet.
     *
     * @param open makes the connections of a topology, on first use of each
     */
    public RegionCaches(RefreshingSecret<Topology> topology, Function<Topology, RedisCaches> open) {
        this.topology = topology;
        this.open = open;
    }

    @Override
    public FlagCache local() {
        return current().caches().local();
    }

    @Override
    public FlagCache home() {
        Opened current = current();
        return current.caches().of(current.home());
    }

    @Override
    public boolean localIsHome() {
        return current().caches().localIsPrimary();
    }

    @Override
    public List<FlagCache> writable() {
        return List.of(home());
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
    public void hint(Region home) {}

    @Override
    public boolean locate(Deadline deadline) {
        return false;
    }

    @Override
    public void suspect() {}

    @Override
    public boolean renew(Deadline deadline) {
        Opened used = opened;
        return used != null && topology.refreshNow(used.generation(), deadline);
    }

    /** Drops all connections, for example those from before a snapshot; the next use makes new ones. */
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
        Opened next = new Opened(now, topology.generation(), now.primary(), open.apply(now));
        opened = next;
        if (current != null) {
            // commands under way end first: a pool that is closed takes its borrowed connections back one by one
            current.caches().close();
        }
        return next;
    }
}
