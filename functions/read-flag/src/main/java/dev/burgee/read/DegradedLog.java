package dev.burgee.read;

import dev.burgee.cache.CacheUnavailableException;
import dev.burgee.log.Log;
import dev.burgee.metrics.Metric;
import dev.burgee.metrics.Metrics;
import dev.burgee.time.Time;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells operators of reads that did not come from this region's cache although they should have: each is counted, and at
 * most one line per second, tier and process says how many there were. Thread-safe.
 */
final class DegradedLog {
    private static final long LINE_EVERY_NANOS = Duration.ofSeconds(1).toNanos();

    private final Log log;
    private final Metrics metrics;
    private final Time time;
    private final Map<Source, Tally> tallies = new EnumMap<>(Source.class);
    private volatile String cause = "no position";
    private final Tally ledger = new Tally();

    private static final class Tally {
        private long since = Long.MIN_VALUE;
        private int reads;

        /** How many there were since the last line; 0 while it is too early for another. */
        synchronized int add(long nowNanos) {
            reads++;
            if (since != Long.MIN_VALUE && nowNanos - since < LINE_EVERY_NANOS) {
                return 0;
            }
            since = nowNanos;
            int all = reads;
            reads = 0;
            return all;
        }
    }

    DegradedLog(Log log, Metrics metrics, Time time) {
        this.log = log;
        this.metrics = metrics;
        this.time = time;
        for (Source source : Source.values()) {
            tallies.put(source, new Tally());
        }
    }

    void cacheFailed(CacheUnavailableException e) {
        cause = String.valueOf(e.getMessage());
    }

    void answered(Source source) {
        metrics.add(Metric.DEGRADED_READ, source.text(), 1);
        Tally tally = tallies.get(source);
        int reads = tally == null ? 0 : tally.add(time.nanos());
        if (reads > 0) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("replica_unavailable", true);
            fields.put("fallback_to_primary", source == Source.PRIMARY);
            fields.put("fallback", source.text());
            fields.put("reads", reads);
            fields.put("cause", cause);
            log.warn("read_degraded", fields);
        }
    }

    void ledgerFailed(RuntimeException e) {
        int reads = ledger.add(time.nanos());
        if (reads > 0) {
            log.warn("ledger_unavailable", Map.of("reads", reads, "cause", String.valueOf(e.getMessage())));
        }
    }
}
