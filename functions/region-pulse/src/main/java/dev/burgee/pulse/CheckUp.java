package dev.burgee.pulse;

import dev.burgee.cache.CacheMonitor;
import dev.burgee.cache.FlagCache;
import dev.burgee.health.CacheUse;
import dev.burgee.health.CacheVitals;
import dev.burgee.health.RegionHealth;
import dev.burgee.health.ReplicationHealth;
import dev.burgee.health.TierHealth;
import dev.burgee.metrics.Metric;
import dev.burgee.metrics.Metrics;
import dev.burgee.primary.Caches;
import dev.burgee.region.Region;
import dev.burgee.time.Deadline;
import dev.burgee.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Measures this region, once a pulse: heartbeat and lag, memory, evictions, commands. Thread-safe. */
final class CheckUp {
    private final Region here;
    private final Caches caches;
    private final Duration interval;
    private final Heartbeat heartbeat;
    private final Metrics metrics;
    private final Time time;
    /** For the pulse that cannot read its last view. */
    private volatile @Nullable RegionHealth last;

    CheckUp(Region here, Caches caches, Duration interval, Executor beside, Metrics metrics, Time time) {
        this.here = here;
        this.caches = caches;
        this.interval = interval;
        this.heartbeat = new Heartbeat(here, time, beside);
        this.metrics = metrics;
        this.time = time;
    }

    /**
     * What the pulse knows before.
     *
     * @param own this region's cache; null: it has none
     * @param writable a cache that accepts writes; the home's if that does; null: none
     * @param writables how many accept writes
     * @param homeUp whether the home's cache answered
     * @param epoch null: the ledger did not say
     * @param ledgerMs one read of the ledger; null: it did not answer
     * @param behindEntries by position; null: not known
     * @param behind the age of the oldest entry that the own cache lacks; null: not known
     */
    record Facts(
            @Nullable Probe own,
            @Nullable Region writable,
            int writables,
            boolean homeUp,
            @Nullable Long epoch,
            @Nullable Double ledgerMs,
            @Nullable Long behindEntries,
            @Nullable Duration behind) {}

    /** What the last measurement of this process found; null: there was none. */
    @Nullable
    RegionHealth last() {
        return last;
    }

    /**
     * Measures, and writes the metrics.
     *
     * @param left what the last view of this region had; null: it had nothing, or could not be read
     */
    RegionHealth examine(Facts facts, @Nullable RegionHealth left, Problems problems, Deadline deadline) {
        RegionHealth before = left == null ? last : left;
        boolean up = facts.own() != null && facts.own().standing() != null;
        Optional<FlagCache> own = up ? Optional.of(caches.of(here)) : Optional.empty();
        Optional<Heartbeat.Lag> lag = beat(facts, own, problems, deadline);
        Instant heard = heard(own, before, problems);
        Optional<CacheVitals> vitals = own.flatMap(
                cache -> problems.step("vitals", () -> cache.monitor().vitals()));
        Instant now = time.now().truncatedTo(ChronoUnit.MILLIS);
        RegionHealth health = new RegionHealth(
                now,
                interval,
                facts.epoch() == null && before != null ? before.epoch() : facts.epoch(),
                facts.writables(),
                TierHealth.next(before == null ? null : before.cache(), up, now),
                TierHealth.next(before == null ? null : before.home(), facts.homeUp(), now),
                TierHealth.next(before == null ? null : before.ledger(), facts.ledgerMs() != null, now),
                facts.ledgerMs(),
                facts.own() == null || facts.own().standing() == null
                        ? null
                        : facts.own().standing().head().checked(),
                new ReplicationHealth(
                        lag.map(measured -> measured.lag().toNanos() / 1e6).orElse(null),
                        heard,
                        facts.behindEntries(),
                        facts.behind() == null ? null : (Long) facts.behind().toMillis()),
                vitals.map(counted -> use(before, counted, now)).orElse(CacheUse.UNKNOWN),
                vitals.orElse(null));
        last = health;
        write(health);
        return health;
    }

    /** Empty: this is the home's region, or nothing could be written or seen. */
    private Optional<Heartbeat.Lag> beat(Facts facts, Optional<FlagCache> own, Problems problems, Deadline deadline) {
        Region writable = facts.writable();
        if (writable == null) {
            return Optional.empty(); // said already: nobody accepts writes
        }
        return problems.step("heartbeat", () -> {
                    FlagCache at = caches.of(writable);
                    if (own.isEmpty() || writable.equals(here)) {
                        heartbeat.only(at);
                        return Optional.<Heartbeat.Lag>empty();
                    }
                    return Optional.of(heartbeat.measure(at, own.get(), deadline));
                })
                .flatMap(measured -> {
                    measured.filter(lag -> !lag.seen())
                            .ifPresent(lag -> problems.note(
                                    "heartbeat",
                                    "it was written to the cache of " + writable + ", and is not visible here after "
                                            + lag.lag().toMillis() + " ms"));
                    return measured;
                });
    }

    /** Anybody's heartbeat tells that replication works; while the own cache is silent, the last that it has shown ages. */
    private @Nullable Instant heard(Optional<FlagCache> own, @Nullable RegionHealth before, Problems problems) {
        Instant remembered = before == null ? null : before.replication().heartbeat();
        return own.flatMap(cache ->
                        problems.step("heartbeat", () -> cache.monitor().beats(caches.regions())))
                .flatMap(beats -> beats.values().stream().max(Instant::compareTo))
                .filter(newest -> remembered == null || newest.isAfter(remembered))
                .orElse(remembered);
    }

    private static CacheUse use(@Nullable RegionHealth before, CacheVitals now, Instant at) {
        return before == null
                ? CacheUse.of(null, null, now)
                : CacheUse.of(before.vitals(), Duration.between(before.measured(), at), now);
    }

    private void write(RegionHealth health) {
        Double lag = health.replication().lagMs();
        if (lag != null) {
            metrics.add(Metric.REPLICATION_LAG, lag);
        }
        Instant heard = health.replication().heartbeat();
        Duration age = heard == null ? CacheMonitor.KEPT : Duration.between(heard, health.measured());
        metrics.add(Metric.HEARTBEAT_AGE, Math.max(0, age.toNanos() / 1e6));
        add(Metric.CACHE_MEMORY_USED, health.use().memoryUsedPercent());
        add(Metric.EVICTIONS, health.use().evictionsPerSecond());
        Integer connections = health.use().connections();
        add(Metric.CACHE_CONNECTIONS, connections == null ? null : (Double) connections.doubleValue());
        add(Metric.COMMAND_LATENCY, health.use().commandP99Ms());
    }

    private void add(Metric metric, @Nullable Double value) {
        if (value != null) {
            metrics.add(metric, value);
        }
    }
}
