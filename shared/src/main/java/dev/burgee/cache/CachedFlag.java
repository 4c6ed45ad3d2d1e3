package dev.burgee.cache;

import dev.burgee.flag.FlagState;

/** One field of a cache. */
public sealed interface CachedFlag {
    CachedFlag MISSING = new Missing();

    /** A document or a tombstone. */
    record Present(FlagState state) implements CachedFlag {}

    /**
     * Invalidated: the ledger must be asked.
     *
     * @param entry the number of the invalidation
     */
    record Marker(long entry) implements CachedFlag {}

    /** No such field; "no such flag" only if the cache shows a position. */
    record Missing() implements CachedFlag {}
}
