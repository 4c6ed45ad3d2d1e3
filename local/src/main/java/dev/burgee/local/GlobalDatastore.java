package dev.burgee.local;

import dev.burgee.region.Region;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What the control plane of the global datastore decides: which region is its primary, and which have left it. Each region
 * has a control plane of its own: one that is cut off keeps the view that it had then, and nobody can tell it anything.
 * Moves no cache (see {@link Caches}). Thread-safe.
 */
final class GlobalDatastore {
    /** As AWS makes it: a prefix of its own before the name that was asked for. */
    static final String ID = "ldgnf-burgee";

    /**
     * One region's view.
     *
     * @param standalone regions that were disassociated: writable, and followed by nobody
     */
    record Membership(Region primary, Set<Region> standalone) {
        Membership {
            standalone = Set.copyOf(standalone);
        }

        /** Which region's cache a region's own is to follow; empty: it is writable. */
        Optional<Region> masterOf(Region region) {
            return region.equals(primary) || isStandalone(region) ? Optional.empty() : Optional.of(primary);
        }

        boolean isStandalone(Region region) {
            return standalone.contains(region);
        }

        private Membership without(Region region) {
            Set<Region> more = new HashSet<>(standalone);
            more.add(region);
            return new Membership(primary, more);
        }
    }

    private final List<Region> regions;
    private final Predicate<Region> isolated;
    // guarded by this
    private final Map<Region, Membership> views = new HashMap<>();
    private Membership current;

    GlobalDatastore(Geography geography, Predicate<Region> isolated) {
        this.regions = geography.regions();
        this.isolated = isolated;
        this.current = new Membership(geography.home(), Set.of());
        regions.forEach(region -> views.put(region, current));
    }

    /** The group of a region. */
    static String groupOf(Region region) {
        return "burgee-" + region;
    }

    /** The primary, as all regions that are not cut off see it. */
    synchronized Region primary() {
        return current.primary();
    }

    /** What the control plane of a region believes. */
    synchronized Membership viewOf(Region region) {
        return views.getOrDefault(region, current);
    }

    /**
     * Makes a region the primary of all; those that had been disassociated are members again, as after a rebuild.
     *
     * @throws PromotionRefusedException when the region is cut off
     */
    synchronized void promote(Region region) {
        requireReached(region);
        change(new Membership(region, Set.of()));
    }

    /**
     * What FailoverGlobalReplicationGroup does at a region's endpoint.
     *
     * @throws PromotionRefusedException when either region is cut off, or the next primary is no member
     */
    synchronized void failover(Region endpoint, Region next) {
        requireReached(endpoint);
        requireReached(next);
        if (current.isStandalone(next)) {
            throw new PromotionRefusedException(groupOf(next) + " is not associated with " + ID);
        }
        change(new Membership(next, current.standalone()));
    }

    /**
     * What DisassociateGlobalReplicationGroup does at a region's endpoint: a secondary leaves. A region that is cut off
     * can still be taken out by its own endpoint.
     *
     * @throws PromotionRefusedException when the endpoint cannot reach the region, or that is the primary or no member
     */
    synchronized void disassociate(Region endpoint, Region leaving) {
        if (!endpoint.equals(leaving)) {
            requireReached(endpoint);
            requireReached(leaving);
        }
        Membership view = viewOf(endpoint);
        if (view.masterOf(leaving).isEmpty()) {
            throw new PromotionRefusedException(groupOf(leaving) + " is no secondary of " + ID);
        }
        if (isolated.test(endpoint)) {
            views.put(endpoint, view.without(leaving));
            current = current.without(leaving);
        } else {
            change(current.without(leaving));
        }
    }

    /** Brings up to date what regions know that are not cut off, for example after one was healed. */
    synchronized void spread() {
        change(current);
    }

    private void change(Membership next) {
        current = next;
        regions.stream().filter(region -> !isolated.test(region)).forEach(region -> views.put(region, next));
    }

    private void requireReached(Region region) {
        if (isolated.test(region)) {
            throw new PromotionRefusedException(
                    "the control plane does not reach " + region + ": the region is isolated, heal it first");
        }
    }
}
