package dev.burgee.local.drill;

import dev.burgee.json.Json;
import dev.burgee.local.Api;
import dev.burgee.local.Reply;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The world's control API. Thread-safe. */
final class Control {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Api api;
    private final Clock clock;

    Control(URI address, Clock clock) {
        this.api = new Api(address, LIMIT);
        this.clock = clock;
    }

    /** Has something happen in a region: {@code isolate}, {@code cache/stop} … */
    void region(String region, String action) {
        call("POST", "/regions/" + region + "/" + action);
    }

    /**
     * Has something happen.
     *
     * @throws IllegalStateException when it is refused
     */
    void call(String method, String path) {
        Reply reply = api.send(method, path, "");
        if (reply.status() != 200) {
            throw new IllegalStateException("the control API answered " + method + " " + path + " with "
                    + reply.status() + ": " + reply.body().strip());
        }
    }

    /** Where each region's API answers, the primary's first. */
    Map<String, URI> regions() {
        Map<?, ?> status = status();
        Map<String, URI> regions = new LinkedHashMap<>();
        String primary = String.valueOf(status.get("primary"));
        List<Map<?, ?>> all = regionsOf(status);
        all.stream()
                .filter(region -> primary.equals(region.get("name")))
                .forEach(region -> regions.put(primary, URI.create(String.valueOf(region.get("url")))));
        all.forEach(region ->
                regions.putIfAbsent(String.valueOf(region.get("name")), URI.create(String.valueOf(region.get("url")))));
        return regions;
    }

    /** Primary, record and epoch as they are now. */
    StatusSeen look() {
        Map<?, ?> status = status();
        return new StatusSeen(
                clock.nowMs(),
                String.valueOf(status.get("primary")),
                status.get("cname") == null ? "" : String.valueOf(status.get("cname")),
                number(status.get("epoch")));
    }

    /** The position that each region's cache shows; -1: none. */
    Map<String, Long> positions() {
        Map<String, Long> positions = new LinkedHashMap<>();
        regionsOf(status())
                .forEach(region -> positions.put(String.valueOf(region.get("name")), number(region.get("position"))));
        return positions;
    }

    private Map<?, ?> status() {
        Reply reply = api.send("GET", "/status", "");
        if (reply.status() != 200 || !(Json.parse(reply.body()) instanceof Map<?, ?> status)) {
            throw new IllegalStateException(
                    "the control API answered GET /status with " + reply.status() + ": " + reply.body());
        }
        return status;
    }

    private static List<Map<?, ?>> regionsOf(Map<?, ?> status) {
        if (!(status.get("regions") instanceof List<?> regions)) {
            throw new IllegalStateException("the status has no regions: " + status);
        }
        List<Map<?, ?>> all = new ArrayList<>();
        for (@Nullable Object region : regions) {
            if (region instanceof Map<?, ?> members) {
                all.add(members);
            }
        }
        return all;
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : -1;
    }
}
