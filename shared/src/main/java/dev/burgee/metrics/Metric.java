package dev.burgee.metrics;

import org.jspecify.annotations.Nullable;

/** The closed set of metrics, with their CloudWatch units and the one further dimension that some have. */
public enum Metric {
    CACHE_READ_LATENCY("CacheReadLatency", Unit.MILLISECONDS, null),
    REQUESTS("Requests", Unit.COUNT, "Version"),
    SERVER_ERRORS("ServerErrors", Unit.COUNT, "Version"),
    READ_LATENCY("ReadLatency", Unit.MILLISECONDS, "Version"),
    CACHE_HIT("CacheHit", Unit.COUNT, null),
    CACHE_MISS("CacheMiss", Unit.COUNT, null),
    DEGRADED_READ("DegradedRead", Unit.COUNT, "Fallback"),
    TOKEN_READ("TokenRead", Unit.COUNT, "Way"),
    WRITE_LATENCY("WriteLatency", Unit.MILLISECONDS, null),
    CROSS_REGION_WRITE_LATENCY("CrossRegionWriteLatency", Unit.MILLISECONDS, null),
    WRITE_RETRY("WriteRetry", Unit.COUNT, null),
    WRITE_CONFLICT("WriteConflict", Unit.COUNT, null),
    WRITE_FAILURE("WriteFailure", Unit.COUNT, null),
    WRITE_DELAYED("WriteDelayed", Unit.COUNT, null),
    READ_ONLY_REJECTED("ReadOnlyRejected", Unit.COUNT, null),
    PRIMARY_REACHABLE("PrimaryReachable", Unit.COUNT, null),
    REPLICATION_LAG("ReplicationLag", Unit.MILLISECONDS, null),
    HEARTBEAT_AGE("HeartbeatAge", Unit.MILLISECONDS, null),
    CACHE_MEMORY_USED("CacheMemoryUsed", Unit.PERCENT, null),
    EVICTIONS("Evictions", Unit.PER_SECOND, null),
    CACHE_CONNECTIONS("CacheConnections", Unit.COUNT, null),
    COMMAND_LATENCY("CommandLatency", Unit.MILLISECONDS, null),
    REPAIRED("Repaired", Unit.COUNT, null),
    CACHE_DIFFERS("CacheDiffers", Unit.COUNT, null),
    PROMOTION("Promotion", Unit.COUNT, null),
    SPLIT_BRAIN_SUSPECTED("SplitBrainSuspected", Unit.COUNT, null),
    PROMOTION_EVENT_IGNORED("PromotionEventIgnored", Unit.COUNT, "Why"),
    FAILOVER_OUTCOME("FailoverOutcome", Unit.COUNT, "Outcome"),
    FAILOVER_STEP_FAILED("FailoverStepFailed", Unit.COUNT, "Step"),
    AUTO_PROMOTION("AutoPromotion", Unit.COUNT, null),
    SECRET_STALE("SecretStale", Unit.COUNT, null),
    COLD_START("ColdStart", Unit.COUNT, null),
    RESTORE("Restore", Unit.COUNT, null);

    /** The units of CloudWatch that are used. */
    public enum Unit {
        COUNT("Count"),
        MILLISECONDS("Milliseconds"),
        PERCENT("Percent"),
        PER_SECOND("Count/Second");

        private final String text;

        Unit(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    private final String metricName;
    private final Unit unit;
    private final @Nullable String dimension;

    Metric(String metricName, Unit unit, @Nullable String dimension) {
        this.metricName = metricName;
        this.unit = unit;
        this.dimension = dimension;
    }

    public String metricName() {
        return metricName;
    }

    public Unit unit() {
        return unit;
    }

    /**
     * The one dimension besides {@code Region} and {@code Function}, or null. {@code Version} is added by the adapter, in
     * a second set of dimensions; the others come with each value.
     */
    public @Nullable String dimension() {
        return dimension;
    }
}
