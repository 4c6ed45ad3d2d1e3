package dev.burgee.primary;

import dev.burgee.cache.FlagCache;
import dev.burgee.region.Region;
import dev.burgee.time.Deadline;
import java.util.List;
import java.util.Set;

/**
 * The caches as one function in one region sees them. Each call may throw {@link
 * dev.burgee.failure.UnavailableException} while nothing is known of the world (no secret came yet). Thread-safe.
 */
public interface Caches {
    /** This region's cache; in the home region that is the home's. */
    FlagCache local();

    /** The writable cache, as far as is known; {@link #local} itself in the home region. */
    FlagCache home();

    /**
     * All caches that accept writes, as far as is known, {@link #home} first; more than one while a split brain lasts, and
     * each must be told of every entry then. Never empty. Meant for writers: when it was found long ago, or is more than
     * one, the caches are asked again beside the caller.
     */
    List<FlagCache> writable();

    /** The regions that have a cache. */
    Set<Region> regions();

    /**
     * The cache of a region.
     *
     * @throws IllegalArgumentException when it has none
     */
    FlagCache of(Region region);

    /** Notes what somebody believes to be the home (the local cache's {@code #home}); costs nothing, and may be wrong. */
    void hint(Region home);

    /**
     * Asks every region's cache at once whether it is writable: what a caller does after the home refused or did not answer.
     * Callers at the same moment share one round; a moment after one that found nobody, its answer is given at once.
     *
     * @return whether a writable cache was found, which {@link #home} is now
     */
    boolean locate(Deadline deadline);

    /** {@link #locate} beside the caller, who does not wait. */
    void suspect();

    /** Whether {@link #local} is the home's cache, so that there is no other to fall back to. */
    default boolean localIsHome() {
        return local().region().equals(home().region());
    }

    /**
     * Fetches the secret again, after a cache refused our name and password.
     *
     * @return whether it had news, so that asking once more makes sense
     */
    boolean renew(Deadline deadline);
}
