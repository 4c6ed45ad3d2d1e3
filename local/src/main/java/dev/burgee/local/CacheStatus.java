package dev.burgee.local;

import java.util.OptionalLong;

/**
 * What one region's cache server shows.
 *
 * @param role {@code primary}, which is to say writable, {@code replica}, or {@code unknown} while it does not answer
 * @param up whether it answers
 * @param position in the ledger; empty: it shows none
 * @param lagMs for how long it has been missing the oldest change of the primary's that it misses, to about 50 ms; empty:
 *     unknown, or it is writable itself
 */
record CacheStatus(String role, boolean up, OptionalLong position, OptionalLong lagMs) {
    static final CacheStatus SILENT = new CacheStatus("unknown", false, OptionalLong.empty(), OptionalLong.empty());
}
