package dev.burgee.failover;

import dev.burgee.failover.PulseReport.Cache;
import dev.burgee.failover.PulseReport.Home;
import dev.burgee.failover.PulseReport.Wanted;
import dev.burgee.json.Json;
import dev.burgee.json.MalformedJsonException;
import dev.burgee.region.Region;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads region-pulse's report. Members that are not known are ignored; what decides must be there and make sense. */
final class PulseReports {
    private PulseReports() {}

    /**
     * Reads one.
     *
     * @param here the region whose report it must be
     * @throws AwsFailureException when it is no report, or another region's
     */
    static PulseReport parse(String text, Region here) {
        Object tree;
        try {
            tree = Json.parse(text);
        } catch (MalformedJsonException e) {
            throw new AwsFailureException("the report of region-pulse " + e.problem(), e);
        }
        if (!(tree instanceof Map<?, ?> report) || !report.containsKey("home")) {
            throw new AwsFailureException("the report of region-pulse has no member home", null);
        }
        if (!here.code().equals(report.get("region"))) {
            throw new AwsFailureException(
                    "the report of region-pulse is not of " + here + ": BURGEE_PULSE_FUNCTION must name this region's",
                    null);
        }
        try {
            return new PulseReport(
                    home(report.get("home")),
                    cache(report.get("cache")),
                    wanted(report.get("promotionWanted")),
                    problems(report.get("problems")),
                    lag(report.get("replication")));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new AwsFailureException("the report of region-pulse is not usable: " + e.getMessage(), e);
        }
    }

    private static @Nullable Home home(@Nullable Object tree) {
        if (tree == null) {
            return null;
        }
        if (!(tree instanceof Map<?, ?> home)
                || !(home.get("epoch") instanceof Number epoch)
                || !(epoch instanceof Integer || epoch instanceof Long)
                || epoch.longValue() < 0) {
            throw new IllegalArgumentException("home has no epoch of 0 or more");
        }
        Instant since = home.get("since") instanceof String text ? Instant.parse(text) : null;
        return new Home(region("home", home), epoch.longValue(), since);
    }

    private static Cache cache(@Nullable Object tree) {
        if (!(tree instanceof Map<?, ?> cache) || !Boolean.TRUE.equals(cache.get("reachable"))) {
            return Cache.UNKNOWN;
        }
        return switch (cache.get("writable")) {
            case Boolean writable -> writable ? Cache.WRITABLE : Cache.READ_ONLY;
            case null, default -> Cache.UNKNOWN;
        };
    }

    private static @Nullable Wanted wanted(@Nullable Object tree) {
        return tree instanceof Map<?, ?> wanted
                ? new Wanted(region("promotionWanted", wanted), String.valueOf(wanted.get("why")))
                : null;
    }

    /** Decides nothing: what makes no sense is left out. */
    private static PulseReport.@Nullable Lag lag(@Nullable Object tree) {
        if (tree instanceof Map<?, ?> replication
                && replication.get("lagMs") instanceof Number lagMs
                && replication.get("measuredAt") instanceof String at) {
            try {
                return new PulseReport.Lag(Duration.ofMillis(lagMs.longValue()), Instant.parse(at));
            } catch (DateTimeException _) {
                return null;
            }
        }
        return null;
    }

    private static Region region(String member, Map<?, ?> tree) {
        if (tree.get("region") instanceof String code) {
            return new Region(code);
        }
        throw new IllegalArgumentException(member + " has no region");
    }

    private static List<String> problems(@Nullable Object tree) {
        return tree instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
    }
}
