package dev.burgee.health;

import dev.burgee.json.Json;
import dev.burgee.json.MalformedJsonException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@link RegionHealth} as JSON text, version {@value #VERSION}. Members may be added without a new version; a reader leaves
 * out what it does not know.
 */
public final class HealthFormat {
    static final int VERSION = 1;

    private HealthFormat() {}

    public static String write(RegionHealth health) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("v", VERSION);
        tree.put("measured", health.measured().toString());
        tree.put("intervalMs", health.interval().toMillis());
        tree.put("epoch", health.epoch());
        tree.put("writable", health.writable());
        tree.put("cache", tier(health.cache()));
        tree.put("home", tier(health.home()));
        tree.put("ledger", tier(health.ledger()));
        tree.put("ledgerMs", health.ledgerMs());
        tree.put("checked", text(health.checked()));
        tree.put("lagMs", health.replication().lagMs());
        tree.put("heartbeat", text(health.replication().heartbeat()));
        tree.put("behindEntries", health.replication().behindEntries());
        tree.put("behindMs", health.replication().behindMs());
        tree.put("memoryUsedPercent", health.use().memoryUsedPercent());
        tree.put("evictionsPerSecond", health.use().evictionsPerSecond());
        tree.put("commandP99Ms", health.use().commandP99Ms());
        tree.put("hitRatePercent", health.use().hitRatePercent());
        tree.put("connections", health.use().connections());
        tree.put("vitals", health.vitals() == null ? null : vitals(health.vitals()));
        return Json.write(tree);
    }

    /** Reads; null for what a version wrote that this one does not know, or what is damaged: a view is worth more than that. */
    public static @Nullable RegionHealth read(String text) {
        try {
            return Json.parse(text) instanceof Map<?, ?> tree && whole(tree, "v") == VERSION ? read(tree) : null;
        } catch (MalformedJsonException | DateTimeException | IllegalArgumentException | ArithmeticException _) {
            return null;
        }
    }

    private static RegionHealth read(Map<?, ?> tree) {
        Long connections = wholeOrNull(tree, "connections");
        return new RegionHealth(
                instant(tree, "measured"),
                Duration.ofMillis(whole(tree, "intervalMs")),
                wholeOrNull(tree, "epoch"),
                Math.toIntExact(whole(tree, "writable")),
                tier(tree.get("cache")),
                tier(tree.get("home")),
                tier(tree.get("ledger")),
                number(tree, "ledgerMs"),
                instantOrNull(tree, "checked"),
                new ReplicationHealth(
                        number(tree, "lagMs"),
                        instantOrNull(tree, "heartbeat"),
                        wholeOrNull(tree, "behindEntries"),
                        wholeOrNull(tree, "behindMs")),
                new CacheUse(
                        number(tree, "memoryUsedPercent"),
                        number(tree, "evictionsPerSecond"),
                        number(tree, "commandP99Ms"),
                        number(tree, "hitRatePercent"),
                        connections == null ? null : Math.toIntExact(connections)),
                tree.get("vitals") instanceof Map<?, ?> vitals ? vitals(vitals) : null);
    }

    private static Map<String, Object> tier(TierHealth tier) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("up", tier.up());
        tree.put("since", tier.since().toString());
        return tree;
    }

    private static TierHealth tier(@Nullable Object tree) {
        if (tree instanceof Map<?, ?> members && members.get("up") instanceof Boolean up) {
            return new TierHealth(up, instant(members, "since"));
        }
        throw new IllegalArgumentException("no tier");
    }

    private static Map<String, Object> vitals(CacheVitals vitals) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("server", vitals.server());
        tree.put("usedBytes", vitals.usedBytes());
        tree.put("maxBytes", vitals.maxBytes());
        tree.put("connections", vitals.connections());
        tree.put("evicted", vitals.evicted());
        tree.put("hits", vitals.hits());
        tree.put("misses", vitals.misses());
        Map<String, Object> commands = new LinkedHashMap<>();
        vitals.commands().forEach((micros, count) -> commands.put(Long.toString(micros), count));
        tree.put("commands", commands);
        return tree;
    }

    private static CacheVitals vitals(Map<?, ?> tree) {
        SortedMap<Long, Long> commands = new TreeMap<>();
        if (tree.get("commands") instanceof Map<?, ?> buckets) {
            buckets.keySet()
                    .forEach(micros -> commands.put(
                            Long.parseLong(String.valueOf(micros)), whole(buckets, String.valueOf(micros))));
        }
        return new CacheVitals(
                String.valueOf(tree.get("server")),
                whole(tree, "usedBytes"),
                whole(tree, "maxBytes"),
                Math.toIntExact(whole(tree, "connections")),
                whole(tree, "evicted"),
                whole(tree, "hits"),
                whole(tree, "misses"),
                commands);
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    private static Instant instant(Map<?, ?> tree, String name) {
        return Instant.parse(String.valueOf(tree.get(name)));
    }

    private static @Nullable Instant instantOrNull(Map<?, ?> tree, String name) {
        return tree.get(name) == null ? null : instant(tree, name);
    }

    private static long whole(Map<?, ?> tree, String name) {
        if (tree.get(name) instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalArgumentException(name + " is no number");
    }

    private static @Nullable Long wholeOrNull(Map<?, ?> tree, String name) {
        return tree.get(name) == null ? null : (Long) whole(tree, name);
    }

    private static @Nullable Double number(Map<?, ?> tree, String name) {
        return tree.get(name) instanceof Number number ? (Double) number.doubleValue() : null;
    }
}
