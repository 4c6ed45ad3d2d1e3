package dev.burgee.primary;

import dev.burgee.cache.CacheUnavailableException;
import dev.burgee.cache.FakeFlagCache;
import dev.burgee.cache.FlagCache;
import dev.burgee.region.Region;
import dev.burgee.time.Deadline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Caches in memory as one region sees them; the home is found by asking them, in the order in which they were given. */
public final class FakeCaches implements Caches {
    private final Map<Region, FakeFlagCache> caches = new LinkedHashMap<>();
    private final Region here;
    private final List<Region> hints = new ArrayList<>();
    private List<FlagCache> writable;
    private int located;

    /**
     * @param here the region of the caller, which has one of the caches
     * @param home believed to be the home until somebody asks
     */
    public FakeCaches(Region here, FakeFlagCache home, FakeFlagCache... others) {
        caches.put(home.region(), home);
        for (FakeFlagCache other : others) {
            caches.put(other.region(), other);
        }
        this.here = here;
        this.writable = List.of(home);
    }

    /** How often somebody asked all caches, by {@link #locate} or {@link #suspect}. */
    public int located() {
        return located;
    }

    /** What {@link #hint} was told, in order. */
    public List<Region> hints() {
        return List.copyOf(hints);
    }

    @Override
    public FlagCache local() {
        return of(here);
    }

    @Override
    public FlagCache home() {
        return writable.getFirst();
    }

    @Override
    public List<FlagCache> writable() {
        return writable;
    }

    @Override
    public Set<Region> regions() {
        return caches.keySet();
    }

    @Override
    public FlagCache of(Region region) {
        FakeFlagCache cache = caches.get(region);
        if (cache == null) {
            throw new IllegalArgumentException("region " + region + " has no cache");
        }
        return cache;
    }

    @Override
    public void hint(Region home) {
        hints.add(home);
    }

    @Override
    public boolean locate(Deadline deadline) {
        located++;
        List<FlagCache> found = new ArrayList<>();
        for (FakeFlagCache cache : caches.values()) {
            try {
                if (cache.standing().writable()) {
                    found.add(cache);
                }
            } catch (CacheUnavailableException e) {
                // not this one
            }
        }
        if (!found.isEmpty()) {
            writable = List.copyOf(found);
        }
        return !found.isEmpty();
    }

    @Override
    public void suspect() {
        located++;
    }

    @Override
    public boolean renew(Deadline deadline) {
        return false;
    }
}
