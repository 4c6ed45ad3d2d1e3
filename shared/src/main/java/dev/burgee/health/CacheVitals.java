package dev.burgee.health;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a cache's server counts about itself. Counters begin anew with each server.
 *
 * @param server changes when the server restarts
 * @param usedBytes of memory
 * @param maxBytes that it may use: its setting, else the machine's; 0: not known
 * @param evicted fields' keys thrown out for lack of memory, ever
 * @param hits look-ups of keys that were there, ever
 * @param misses look-ups of keys that were not, ever
 * @param commands how many commands took how long: the bucket's upper bound in microseconds to a count; empty: not known
 */
public record CacheVitals(
        String server,
        long usedBytes,
        long maxBytes,
        int connections,
        long evicted,
        long hits,
        long misses,
        SortedMap<Long, Long> commands) {
    public CacheVitals {
        commands = Collections.unmodifiableSortedMap(new TreeMap<>(commands));
    }
}
