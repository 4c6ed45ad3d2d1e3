package dev.burgee.local;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How many reads of flags one region has answered, by what answered them ({@code Burgee-Source}). Thread-safe. */
final class ReadCounts {
    private final Map<String, LongAdder> bySource = new ConcurrentHashMap<>();

    void add(String source) {
        bySource.computeIfAbsent(source, _ -> new LongAdder()).increment();
    }

    /** Since the beginning; only sources that have answered. */
    Map<String, Long> soFar() {
        Map<String, Long> counts = new TreeMap<>();
        bySource.forEach((source, count) -> counts.put(source, count.sum()));
        return counts;
    }
}
