package dev.burgee.pulse;

import dev.burgee.health.RegionHealth;
import dev.burgee.json.Json;
import dev.burgee.ledger.Position;
import dev.burgee.ledger.Promotion;
import dev.burgee.ledger.RegionView;
import dev.burgee.region.Region;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a pulse found and did.
 *
 * @param homeKnown whether the ledger said who is home
 * @param promotion the last one; null: none, or not known
 * @param primary the topology's; null: not known
 * @param own this region's cache; null: not asked
 * @param end the ledger's; null: out of reach
 * @param lag of this region's cache; null: not known
 * @param done in order
 * @param repairMs what it took to bring the own cache to the ledger's end, and to compare a sample
 */
record PulseReport(
        Region region,
        Instant at,
        Profile profile,
        boolean homeKnown,
        @Nullable Promotion promotion,
        @Nullable Region primary,
        @Nullable Probe own,
        @Nullable Position end,
        @Nullable Duration lag,
        Collection<Probe> caches,
        List<RegionView> views,
        Quorum.@Nullable Wanted wanted,
        Outcome outcome,
        @Nullable String reason,
        List<String> done,
        List<String> problems,
        double repairMs) {

    PulseReport {
        caches = List.copyOf(caches);
        views = List.copyOf(views);
        done = List.copyOf(done);
        problems = List.copyOf(problems);
    }

    String toJson() {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("region", region.code());
        tree.put("at", at.toString());
        tree.put("profile", profile.text());
        tree.put("home", home());
        tree.put("cache", cache());
        tree.put("ledger", object("reachable", end != null, "end", number(end)));
        List<Object> all = new ArrayList<>();
        caches.forEach(probe -> all.add(object(
                "region", probe.region().code(),
                "reachable", probe.standing() != null,
                "writable", probe.isWritable(),
                "position", number(probe.position()),
                "roundTripMs", probe.standing() == null ? null : probe.roundTripMs())));
        tree.put("caches", all);
        List<Object> seen = new ArrayList<>();
        views.forEach(view -> seen.add(object(
                "region", view.region().code(),
                "at", view.at().toString(),
                "home", view.home().code(),
                "failures", view.failures(),
                "writable", view.writable(),
                "position", number(view.position()))));
        tree.put("views", seen);
        tree.put("replication", replication());
        tree.put("repairMs", repairMs);
        tree.put(
                "promotionWanted",
                wanted == null ? null : object("region", wanted.region().code(), "why", wanted.why()));
        tree.put("outcome", outcome.text());
        tree.put("reason", reason);
        tree.put("done", done);
        tree.put("problems", problems);
        return Json.write(tree);
    }

    private @Nullable Object home() {
        if (!homeKnown) {
            return null;
        }
        if (promotion != null) {
            return object(
                    "region", promotion.home().code(),
                    "epoch", promotion.epoch(),
                    "since", promotion.since().toString(),
                    "entry", promotion.entry());
        }
        return primary == null ? null : object("region", primary.code(), "epoch", 0, "since", null, "entry", null);
    }

    private Object cache() {
        Position position = own == null ? null : own.position();
        Instant checked = own == null || own.standing() == null
                ? null
                : own.standing().head().checked();
        return object(
                "reachable",
                own != null && own.standing() != null,
                "writable",
                own != null && own.isWritable(),
                "position",
                number(position),
                "checkedAt",
                checked == null ? null : checked.toString(),
                "behind",
                position == null || end == null ? null : end.number() - position.number(),
                "lagMs",
                lag == null ? null : lag.toMillis());
    }

    /** As this region's last measurement has it; null: there was none. */
    private @Nullable Object replication() {
        RegionHealth health = views.stream()
                .filter(view -> view.region().equals(region))
                .map(RegionView::health)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (health == null) {
            return null;
        }
        Instant heartbeat = health.replication().heartbeat();
        return object(
                "measuredAt",
                health.measured().toString(),
                "lagMs",
                health.replication().lagMs(),
                "heartbeatAt",
                heartbeat == null ? null : heartbeat.toString());
    }

    private static @Nullable Object number(@Nullable Position position) {
        return position == null ? null : position.number();
    }

    private static Map<String, @Nullable Object> object(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return object;
    }
}
