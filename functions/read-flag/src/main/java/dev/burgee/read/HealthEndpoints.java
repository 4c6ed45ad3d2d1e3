package dev.burgee.read;

import dev.burgee.failure.UnavailableException;
import dev.burgee.health.HealthRule;
import dev.burgee.health.RegionHealth;
import dev.burgee.http.Request;
import dev.burgee.http.Response;
import dev.burgee.json.Json;
import dev.burgee.ledger.RegionView;
import dev.burgee.primary.CacheTier;
import dev.burgee.primary.Caches;
import dev.burgee.region.Region;
import dev.burgee.tier.Breaker;
import dev.burgee.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How the regions are: this one as the process sees it at this moment, all of them as their pulses last saw them. From what
 * is at hand: no health call waits for another region.
 */
final class HealthEndpoints {
    private final Caches caches;
    private final CacheTier local;
    private final CacheTier home;
    private final FlagMemory memory;
    private final KnownViews views;
    private final Readiness readiness;
    private final Region here;
    private final Time time;

    HealthEndpoints(
            Caches caches,
            CacheTier local,
            CacheTier home,
            FlagMemory memory,
            KnownViews views,
            Readiness readiness,
            Region here,
            Time time) {
        this.caches = caches;
        this.local = local;
        this.home = home;
        this.memory = memory;
        this.views = views;
        this.readiness = readiness;
        this.here = here;
        this.time = time;
    }

    /** All regions. */
    Response health(Request request) {
        Map<Region, RegionView> known = views.newest();
        Instant now = time.now();
        Tiers tiers = tiers();
        List<HealthRule> rules = HealthRule.holding(seen(known.get(here), tiers, now));
        Map<String, @Nullable Object> both = new LinkedHashMap<>();
        both.put("local", tier(tiers.local()));
        both.put("home", tier(tiers.home()));
        Map<String, @Nullable Object> health = new LinkedHashMap<>();
        health.put("region", here.code());
        health.put("at", RegionsJson.text(now));
        health.put("status", HealthRule.worst(rules).text());
        health.put("reasons", RegionsJson.texts(rules));
        Optional<String> notReady = notReady(known, now);
        health.put("ready", notReady.isEmpty());
        health.put("notReady", notReady.orElse(null));
        health.put("role", tiers.atHome() ? "primary" : "replica");
        health.put("home", tiers.homeRegion().code());
        health.put("position", memory.floor().number());
        health.put("tiers", both);
        health.put(
                "regions",
                regions(known).stream()
                        .map(region -> RegionsJson.of(region, known.get(region), now))
                        .toList());
        return Response.json(200, Json.write(health)).with("Burgee-Region", here.code());
    }

    /** That the process runs. */
    Response live(Request request) {
        return Response.json(200, "{\"status\":\"live\"}");
    }

    /** Whether callers should be led to this region: 200 or 503; why not, only {@link #health} says, which asks for a key. */
    Response ready(Request request) {
        try {
            if (notReady(views.first(), time.now()).isEmpty()) {
                return Response.json(200, "{\"status\":\"ready\"}");
            }
            throw new UnavailableException(
                    "callers should not be led to this region now; GET /api/health says why",
                    Duration.ofSeconds(1),
                    null);
        } catch (UnavailableException e) {
            return Response.problem(e).with("Retry-After", Long.toString(e.retryAfterSeconds()));
        }
    }

    /** What this process's breakers say. */
    private record Tiers(boolean atHome, Region homeRegion, Breaker local, Breaker home) {}

    private Tiers tiers() {
        boolean atHome = caches.localIsHome();
        Region homeRegion = caches.home().region();
        Breaker localBreaker = local.breaker(caches.local().region());
        return new Tiers(atHome, homeRegion, localBreaker, atHome ? localBreaker : home.breaker(homeRegion));
    }

    private Optional<String> notReady(Map<Region, RegionView> known, Instant now) {
        if (!caches.regions().contains(here)) {
            Breaker breaker = home.breaker(caches.home().region());
            return breaker.isOpen() && !views.ledgerAnswers()
                    ? Optional.of("neither the home's cache nor the ledger answered lately")
                    : Optional.empty();
        }
        return readiness.problem(views.own(), known, views.ledgerAnswers(), now);
    }

    private static HealthRule.Seen seen(@Nullable RegionView own, Tiers tiers, Instant now) {
        RegionHealth health = own == null ? null : own.health();
        HealthRule.Seen left = HealthRule.Seen.of(
                health, own == null ? null : RegionsJson.age(own, now), own != null && own.position() == null);
        return new HealthRule.Seen(
                health,
                left.age(),
                left.isEmpty(),
                left.cacheUp() && !tiers.local().isOpen(),
                left.homeUp() && !tiers.home().isOpen());
    }

    /** Those that have a cache, and those that ever had a pulse. */
    private Set<Region> regions(Map<Region, RegionView> known) {
        Set<Region> all = new TreeSet<>(Comparator.comparing(Region::code));
        all.addAll(caches.regions());
        all.addAll(known.keySet());
        return all;
    }

    private static Map<String, @Nullable Object> tier(Breaker breaker) {
        Map<String, @Nullable Object> tier = new LinkedHashMap<>();
        tier.put("up", !breaker.isOpen());
        tier.put("since", breaker.since().map(RegionsJson::text).orElse(null));
        return tier;
    }
}
