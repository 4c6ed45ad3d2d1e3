package dev.burgee.health;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The table by which a region is called healthy, degraded or critical: each rule that holds gives its status, and the worst
 * counts. docs/operations.md has the same table.
 */
public enum HealthRule {
    NO_PRIMARY(HealthStatus.CRITICAL, "the home's cache does not answer this region, or no cache accepts writes"),
    SPLIT_BRAIN(HealthStatus.CRITICAL, "more than one cache accepts writes"),
    LEDGER_DOWN(HealthStatus.CRITICAL, "no region of the ledger answers this region"),
    SILENT(HealthStatus.CRITICAL, "there is no view of the region, or it is older than three pulses"),
    HEARTBEAT_OLD(HealthStatus.CRITICAL, "no heartbeat reached the region's cache in the 30 s before the view"),
    CACHE_DOWN(HealthStatus.DEGRADED, "the region's own cache does not answer"),
    CACHE_EMPTY(HealthStatus.DEGRADED, "the region's own cache shows no position"),
    UNCONFIRMED(
            HealthStatus.DEGRADED, "nobody confirmed the cache to be at the ledger's end in the 5 min before the view"),
    LAG(HealthStatus.DEGRADED, "replication lag over 5 s"),
    EVICTIONS(HealthStatus.DEGRADED, "evictions over 100/s"),
    MEMORY(HealthStatus.DEGRADED, "memory over 80 %"),
    SLOW_COMMANDS(HealthStatus.DEGRADED, "p99 of commands over 50 ms inside the cache");

    private static final int PULSES = 3;

    private final HealthStatus status;
    private final String when;

    /**
     * What is judged.
     *
     * @param health what the region's pulse left; null: nothing
     * @param age of that; null: there is none
     * @param isEmpty whether the cache shows no position
     * @param cacheUp whether the region's cache answers, as far as anybody knows
     * @param homeUp the same of the home's cache
     */
    public record Seen(
            @Nullable RegionHealth health, @Nullable Duration age, boolean isEmpty, boolean cacheUp, boolean homeUp) {
        /** A view as it was left. */
        public static Seen of(@Nullable RegionHealth health, @Nullable Duration age, boolean isEmpty) {
            return new Seen(
                    health,
                    age,
                    isEmpty,
                    health == null || health.cache().up(),
                    health == null || health.home().up());
        }
    }

    HealthRule(HealthStatus status, String when) {
        this.status = status;
        this.when = when;
    }

    private boolean holds(Seen seen) {
        RegionHealth health = seen.health();
        return switch (this) {
            case SILENT ->
                health == null
                        || seen.age() == null
                        || seen.age().compareTo(health.interval().multipliedBy(PULSES)) > 0;
            case CACHE_DOWN -> !seen.cacheUp();
            case CACHE_EMPTY -> health != null && seen.cacheUp() && seen.isEmpty();
            case NO_PRIMARY -> !seen.homeUp() || (health != null && health.writable() == 0);
            case UNCONFIRMED ->
                health != null && seen.cacheUp() && !seen.isEmpty() && isOlder(health, health.checked(), 300);
            case SPLIT_BRAIN -> health != null && health.writable() > 1;
            case LEDGER_DOWN -> health != null && !health.ledger().up();
            case HEARTBEAT_OLD ->
                health != null && isOlder(health, health.replication().heartbeat(), 30);
            case LAG -> health != null && isOver(health.replication().lagMs(), 5_000);
            case EVICTIONS -> health != null && isOver(health.use().evictionsPerSecond(), 100);
            case MEMORY -> health != null && isOver(health.use().memoryUsedPercent(), 80);
            case SLOW_COMMANDS -> health != null && isOver(health.use().commandP99Ms(), 50);
        };
    }

    /** For example {@code no-primary}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public HealthStatus status() {
        return status;
    }

    /** When it holds, in words. */
    public String when() {
        return when;
    }

    /** The rules that hold, in the table's order. */
    public static List<HealthRule> holding(Seen seen) {
        return Arrays.stream(values()).filter(rule -> rule.holds(seen)).toList();
    }

    /** The worst of these; healthy without any. */
    public static HealthStatus worst(List<HealthRule> holding) {
        return holding.stream()
                .map(HealthRule::status)
                .max(HealthStatus::compareTo)
                .orElse(HealthStatus.HEALTHY);
    }

    private static boolean isOver(@Nullable Double value, double limit) {
        return value != null && value > limit;
    }

    private static boolean isOlder(RegionHealth health, @Nullable Instant moment, long seconds) {
        return moment == null || moment.isBefore(health.measured().minusSeconds(seconds));
    }
}
