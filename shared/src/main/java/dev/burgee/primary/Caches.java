package dev.burgee.primary;

import dev.burgee.cache.FlagCache;
import dev.burgee.time.Deadline;

/**
 * The caches as one function in one region sees them. Each call may throw {@link
 * dev.burgee.failure.UnavailableException} while nothing is known of the world (no secret came yet). Thread-safe.
 */
public interface Caches {
    /** This region's cache; in the home region that is the home's. */
    FlagCache local();

    /** The writable cache, as far as is known; {@link #local} itself in the home region. */
    FlagCache home();

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
