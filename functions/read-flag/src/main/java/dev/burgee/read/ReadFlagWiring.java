package dev.burgee.read;

import dev.burgee.auth.Scope;
import dev.burgee.catchup.CatchUp;
import dev.burgee.foundation.Foundation;
import dev.burgee.foundation.Restore;
import dev.burgee.http.HttpEdge;
import dev.burgee.http.HttpFoundation;
import dev.burgee.http.Route;
import dev.burgee.metrics.Metric;
import dev.burgee.primary.CacheTier;
import dev.burgee.region.Region;
import dev.burgee.settings.Limits;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/** The composition root of read-flag: makes everything, once, from the environment. */
final class ReadFlagWiring {
    private static final String FUNCTION = "read-flag";

    /** At most one line of metrics per second: reads come by the thousand. */
    private static final Duration METRICS_EVERY = Duration.ofSeconds(1);

    private ReadFlagWiring() {}

    /** What the handler keeps. */
    record Wired(HttpEdge edge, Restore restore) {}

    static Wired wire(Map<String, String> environment, PrintStream out, FlagMemory memory) {
        HttpFoundation http = HttpFoundation.lay(environment, FUNCTION, Scope.READ, METRICS_EVERY, out);
        Foundation base = http.base();
        Limits limits = base.settings().limits();
        DegradedLog degraded = new DegradedLog(base.log(), base.metrics(), base.time());
        CacheTier local = new CacheTier(
                base.caches(),
                limits.localRead(),
                base.time(),
                ms -> base.metrics().add(Metric.CACHE_READ_LATENCY, ms),
                degraded::cacheFailed);
        CacheTier home = new CacheTier(base.caches(), limits.crossRead(), base.time(), _ -> {}, degraded::cacheFailed);
        Executor background = work -> Thread.ofVirtual().name("after-care").start(work);
        Refill refill = new Refill(
                base.caches(),
                new CatchUp(base.ledger(), base.log(), base.time()),
                background,
                base.metrics(),
                base.time());
        AfterCare afterCare = new AfterCare(base.caches(), background, refill, base.log());
        TieredRead tiers = new TieredRead(
                base.caches(), local, home, memory, afterCare, limits, base.metrics(), degraded, base.time());
        Region here = base.settings().region();
        ReadEndpoints flags = new ReadEndpoints(tiers, memory, base.ledger(), here);
        KnownViews views = new KnownViews(base.caches(), local, base.ledger(), here, background, base.time());
        Readiness readiness = new Readiness(here, limits.checkedAgeMax());
        HealthEndpoints health =
                new HealthEndpoints(base.caches(), local, home, memory, views, readiness, here, base.time());
        HttpEdge edge = http.edge(List.of(
                new Route("GET", "/api/config/flags/{flagKey}", Scope.READ, flags::flag).timedAs(Metric.READ_LATENCY),
                new Route("GET", "/api/config/flags", Scope.READ, flags::list).timedAs(Metric.READ_LATENCY),
                new Route("GET", "/api/health", Scope.READ, health::health),
                new Route("GET", "/api/health/live", Scope.OPEN, health::live),
                new Route("GET", "/api/health/ready", Scope.OPEN, health::ready)));
        return new Wired(edge, Restore.hook(base));
    }
}
