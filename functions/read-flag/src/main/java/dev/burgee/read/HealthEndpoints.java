package dev.burgee.read;

import dev.burgee.failure.UnavailableException;
import dev.burgee.http.Request;
import dev.burgee.http.Response;
import dev.burgee.json.Json;
import dev.burgee.primary.CacheTier;
import dev.burgee.primary.Caches;
import dev.burgee.region.Region;
import dev.burgee.tier.Breaker;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What this process knows of its region, from what is at hand: a health call asks nobody else. */
final class HealthEndpoints {
    private final Caches caches;
    private final CacheTier local;
    private final CacheTier home;
    private final FlagMemory memory;
    private final Region here;

    HealthEndpoints(Caches caches, CacheTier local, CacheTier home, FlagMemory memory, Region here) {
        this.caches = caches;
        this.local = local;
        this.home = home;
        this.memory = memory;
        this.here = here;
    }

    /** This region in detail; other regions are listed once their pulses report. */
    Response health(Request request) {
        boolean atHome = caches.localIsHome();
        Region homeRegion = caches.home().region();
        Breaker localBreaker = local.breaker(caches.local().region());
        Breaker homeBreaker = atHome ? localBreaker : home.breaker(homeRegion);
        boolean localUp = !localBreaker.isOpen();
        boolean homeUp = !homeBreaker.isOpen();
        Map<String, @Nullable Object> tiers = new LinkedHashMap<>();
        tiers.put("local", tier(localBreaker));
        tiers.put("home", tier(homeBreaker));
        Map<String, @Nullable Object> health = new LinkedHashMap<>();
        health.put("region", here.code());
        health.put("status", localUp && homeUp ? "healthy" : localUp || homeUp ? "degraded" : "critical");
        health.put("role", atHome ? "primary" : "replica");
        health.put("home", homeRegion.code());
        health.put("position", memory.floor().number());
        health.put("tiers", tiers);
        health.put("regions", List.of());
        return Response.json(200, Json.write(health)).with("Burgee-Region", here.code());
    }

    /** Whether this process could serve anything at all: 200 or 503. */
    Response live(Request request) {
        try {
            caches.local();
            return Response.json(200, "{\"status\":\"live\"}");
        } catch (UnavailableException e) {
            return Response.problem(e).with("Retry-After", Long.toString(e.retryAfterSeconds()));
        }
    }

    private static Map<String, @Nullable Object> tier(Breaker breaker) {
        Map<String, @Nullable Object> tier = new LinkedHashMap<>();
        tier.put("up", !breaker.isOpen());
        tier.put("since", breaker.since().map(Object::toString).orElse(null));
        return tier;
    }
}
