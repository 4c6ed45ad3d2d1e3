package dev.burgee.read;

import dev.burgee.health.CacheUse;
import dev.burgee.health.HealthRule;
import dev.burgee.health.RegionHealth;
import dev.burgee.health.ReplicationHealth;
import dev.burgee.health.TierHealth;
import dev.burgee.ledger.RegionView;
import dev.burgee.region.Region;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A region in a health answer, as its pulse last saw it; docs/openapi.yaml describes the members. */
final class RegionsJson {
    private RegionsJson() {}

    /**
     * One region.
     *
     * @param view null: nobody knows of any
     */
    static Map<String, @Nullable Object> of(Region region, @Nullable RegionView view, Instant now) {
        Duration age = view == null ? null : age(view, now);
        RegionHealth health = view == null ? null : view.health();
        List<HealthRule> rules = rules(view, now);
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("region", region.code());
        json.put("at", view == null ? null : text(view.at()));
        json.put("ageMs", age == null ? null : age.toMillis());
        json.put("status", HealthRule.worst(rules).text());
        json.put("reasons", texts(rules));
        json.put("role", health == null || view == null || !health.cache().up() ? null : role(view));
        json.put("home", view == null ? null : view.home().code());
        json.put("epoch", health == null ? null : health.epoch());
        json.put(
                "position",
                view == null || view.position() == null ? null : view.position().number());
        json.put("tiers", health == null ? null : tiers(health));
        put(json, health == null ? ReplicationHealth.UNKNOWN : health.replication(), view);
        put(json, health == null ? CacheUse.UNKNOWN : health.use());
        json.put("ledgerMs", health == null ? null : health.ledgerMs());
        json.put("checkedAt", health == null || health.checked() == null ? null : text(health.checked()));
        return json;
    }

    /** The rules that hold for a region by its view. */
    static List<HealthRule> rules(@Nullable RegionView view, Instant now) {
        return HealthRule.holding(
                view == null
                        ? HealthRule.Seen.of(null, null, false)
                        : HealthRule.Seen.of(view.health(), age(view, now), view.position() == null));
    }

    static List<String> texts(List<HealthRule> rules) {
        return rules.stream().map(HealthRule::text).toList();
    }

    static Duration age(RegionView view, Instant now) {
        Duration age = Duration.between(view.at(), now);
        return age.isNegative() ? Duration.ZERO : age;
    }

    /** To the millisecond. */
    static String text(Instant moment) {
        return moment.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static String role(RegionView view) {
        return view.writable() ? "primary" : "replica";
    }

    private static Map<String, Object> tiers(RegionHealth health) {
        Map<String, Object> tiers = new LinkedHashMap<>();
        tiers.put("cache", tier(health.cache()));
        tiers.put("home", tier(health.home()));
        tiers.put("ledger", tier(health.ledger()));
        return tiers;
    }

    private static Map<String, Object> tier(TierHealth tier) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("up", tier.up());
        json.put("since", text(tier.since()));
        return json;
    }

    private static void put(
            Map<String, @Nullable Object> json, ReplicationHealth replication, @Nullable RegionView view) {
        Instant beat = replication.heartbeat();
        RegionHealth health = view == null ? null : view.health();
        json.put("replicationLagMs", replication.lagMs());
        json.put(
                "heartbeatAgeMs",
                beat == null || health == null
                        ? null
                        : Math.max(0, Duration.between(beat, health.measured()).toMillis()));
        json.put("behindEntries", replication.behindEntries());
        json.put("behindMs", replication.behindMs());
    }

    private static void put(Map<String, @Nullable Object> json, CacheUse use) {
        json.put("memoryUsedPercent", use.memoryUsedPercent());
        json.put("evictionsPerSecond", use.evictionsPerSecond());
        json.put("commandP99Ms", use.commandP99Ms());
        json.put("hitRatePercent", use.hitRatePercent());
        json.put("connections", use.connections());
    }
}
