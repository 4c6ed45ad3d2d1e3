package dev.burgee.cache;

import dev.burgee.region.Region;

/**
 * Who this region's own cache follows, where that is ours to say (the self-managed profile). Every call may throw {@link
 * CacheUnavailableException}, and takes no longer than connecting and two commands may. Thread-safe.
 */
public interface CacheReplication {
    /** What a cache does among the others. */
    sealed interface Role {
        record Leader() implements Role {}

        /**
         * It follows a server, by the name that it was given.
         *
         * @param connected whether it receives that one's changes now
         */
        record Follower(String host, int port, boolean connected) implements Role {}
    }

    Role role();

    /** Makes the own cache lead: it keeps what it has and accepts writes. Harmless when it does already. */
    void lead();

    /**
     * Makes the own cache follow another region's: it forgets what it has once it has reached that one. Harmless when it
     * does already.
     *
     * @return whether it did not before
     * @throws IllegalArgumentException when that region has no cache
     */
    boolean follow(Region home);
}
