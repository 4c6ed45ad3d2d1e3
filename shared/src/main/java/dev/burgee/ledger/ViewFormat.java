package dev.burgee.ledger;

import dev.burgee.health.HealthFormat;
import dev.burgee.json.Json;
import dev.burgee.json.MalformedJsonException;
import dev.burgee.region.Region;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A {@link RegionView} as JSON text, for the copies beside the caches' hash; the table's items are {@link Views}'. */
public final class ViewFormat {
    private ViewFormat() {}

    public static String write(RegionView view) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("region", view.region().code());
        tree.put("at", view.at().toString());
        tree.put("home", view.home().code());
        tree.put("failures", view.failures());
        tree.put("writable", view.writable());
        tree.put("position", view.position() == null ? null : view.position().number());
        tree.put("health", view.health() == null ? null : HealthFormat.write(view.health()));
        return Json.write(tree);
    }

    /** Reads; empty for what is no view: a copy is worth no failure. */
    public static Optional<RegionView> read(String text) {
        try {
            if (Json.parse(text) instanceof Map<?, ?> tree
                    && tree.get("failures") instanceof Number failures
                    && tree.get("writable") instanceof Boolean writable) {
                return Optional.of(new RegionView(
                        new Region(String.valueOf(tree.get("region"))),
                        Instant.parse(String.valueOf(tree.get("at"))),
                        new Region(String.valueOf(tree.get("home"))),
                        failures.intValue(),
                        writable,
                        tree.get("position") instanceof Number position ? new Position(position.longValue()) : null,
                        tree.get("health") instanceof String health ? HealthFormat.read(health) : null));
            }
        } catch (MalformedJsonException | DateTimeException | IllegalArgumentException _) {
            // as good as none
        }
        return Optional.empty();
    }
}
