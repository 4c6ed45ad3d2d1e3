package dev.burgee.read;

import dev.burgee.auth.Scope;
import dev.burgee.catchup.CatchUp;
import dev.burgee.foundation.Foundation;
import dev.burgee.foundation.Restore;
import dev.burgee.http.HttpEdge;
import dev.burgee.http.HttpFoundation;
import dev.burgee.http.Rehearsed;
import dev.burgee.http.Route;
import dev.burgee.metrics.Metric;
import dev.burgee.primary.CacheTier;
import dev.burgee.region.Region;
import dev.burgee.rehearsal.Rehearsal;
import dev.burgee.settings.Limits;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** The composition root of read-flag: makes everything, once, from the environment. */
final class ReadFlagWiring {
    private static final String FUNCTION = "read-flag";

    /** At most one line of metrics per second: reads come by the thousand. */
    private static final Duration METRICS_EVERY = Duration.ofSeconds(1);

    private static final String FLAGS = "/api/config/flags";

    /** In a rehearsal, one list in so many rounds. */
    private static final int LIST_EVERY = 20;

    private ReadFlagWiring() {}

    /** What the handler keeps. */
    record Wired(HttpEdge edge, Restore restore) {}

    static Wired wire(Map<String, String> environment, PrintStream out, FlagMemory memory) {
        HttpFoundation http = HttpFoundation.lay(environment, FUNCTION, Scope.READ, METRICS_EVERY, out);
        Foundation base = http.base();
        Restore.Hooks hooks = new Restore.Hooks(
                () -> Rehearsal.play(environment, base.time(), ReadFlagWiring::cast),
                base.forgetConnections(),
                http.connect());
        return new Wired(edge(http, memory), Restore.hook(hooks, base.metrics(), base.log()));
    }

    /** The same function on a rehearsal's stage, and what it is asked there. */
    private static Rehearsal.Cast cast(Map<String, String> environment, PrintStream out) {
        HttpEdge edge = staged(environment, out);
        // who has listed all flags knows which are not there
        HttpEdge lister = staged(environment, out);
        AtomicInteger round = new AtomicInteger();
        return () -> {
            // a flag that memory has, whose proof is asked for; and one that it has not
            Rehearsed.request(edge, 200, "GET", FLAGS + "/rehearsal", "");
            Rehearsed.request(edge, 200, "GET", FLAGS + "/rehearsal-" + round.incrementAndGet(), "");
            if (round.get() % LIST_EVERY == 1) {
                Rehearsed.request(lister, 200, "GET", FLAGS, "");
                Rehearsed.request(edge, 200, "GET", "/api/health/live", "");
                Rehearsed.request(edge, 404, "GET", "/api/no-such-route", "");
            }
        };
    }

    private static HttpEdge staged(Map<String, String> environment, PrintStream out) {
        return edge(HttpFoundation.lay(environment, FUNCTION, Scope.READ, METRICS_EVERY, out), new FlagMemory());
    }

    private static HttpEdge edge(HttpFoundation http, FlagMemory memory) {
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
        return http.edge(List.of(
                new Route("GET", "/api/config/flags/{flagKey}", Scope.READ, flags::flag).timedAs(Metric.READ_LATENCY),
                new Route("GET", "/api/config/flags", Scope.READ, flags::list).timedAs(Metric.READ_LATENCY),
                new Route("GET", "/api/health", Scope.READ, health::health),
                new Route("GET", "/api/health/live", Scope.OPEN, health::live),
                new Route("GET", "/api/health/ready", Scope.OPEN, health::ready)));
    }
}
