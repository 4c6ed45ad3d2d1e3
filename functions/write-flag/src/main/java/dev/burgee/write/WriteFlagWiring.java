package dev.burgee.write;

import dev.burgee.auth.Scope;
import dev.burgee.cache.CacheUnavailableException;
import dev.burgee.catchup.CatchUp;
import dev.burgee.foundation.Foundation;
import dev.burgee.foundation.Restore;
import dev.burgee.http.HttpEdge;
import dev.burgee.http.HttpFoundation;
import dev.burgee.http.Rehearsed;
import dev.burgee.http.Route;
import dev.burgee.primary.CacheTier;
import dev.burgee.region.Region;
import dev.burgee.rehearsal.Rehearsal;
import dev.burgee.settings.Limits;
import dev.burgee.tier.Retry;
import dev.burgee.time.Time;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** The composition root of write-flag: makes everything, once, from the environment. */
final class WriteFlagWiring {
    private static final String FUNCTION = "write-flag";
    private static final String FLAG = "/api/admin/flags/{flagKey}";

    private static final String DOCUMENT =
            "{\"state\":\"ENABLED\",\"variants\":{\"on\":true,\"off\":false},\"defaultVariant\":\"off\"}";

    private WriteFlagWiring() {}

    /** What the handler keeps. */
    record Wired(HttpEdge edge, Restore restore) {}

    static Wired wire(Map<String, String> environment, PrintStream out) {
        HttpFoundation http = HttpFoundation.lay(environment, FUNCTION, Scope.ADMIN, Duration.ZERO, out);
        Foundation base = http.base();
        Restore.Hooks hooks = new Restore.Hooks(
                () -> Rehearsal.play(environment, base.time(), WriteFlagWiring::cast),
                base.forgetConnections(),
                http.connect());
        return new Wired(edge(http), Restore.hook(hooks, base.metrics(), base.log()));
    }

    /** The same function on a rehearsal's stage, and what it is asked there. */
    private static Rehearsal.Cast cast(Map<String, String> environment, PrintStream out) {
        HttpEdge edge = edge(HttpFoundation.lay(environment, FUNCTION, Scope.ADMIN, Duration.ZERO, out));
        return () -> {
            Rehearsed.request(edge, 200, "PUT", "/api/admin/flags/rehearsal", DOCUMENT);
            Rehearsed.request(edge, 400, "PUT", "/api/admin/flags/rehearsal", "{}");
        };
    }

    private static HttpEdge edge(HttpFoundation http) {
        Foundation base = http.base();
        Region here = base.settings().region();
        Limits limits = base.settings().limits();
        Time time = base.time();
        // no seed that a snapshot could freeze
        RandomGenerator random = new SecureRandom();
        Retry retry = new Retry(Retry.WAITS_MAX, random);
        Consumer<CacheUnavailableException> noted =
                e -> base.log().warn("cache_unavailable", Map.of("cause", String.valueOf(e.getMessage())));
        CacheTier local = new CacheTier(base.caches(), limits.localRead(), time, _ -> {}, noted);
        CacheTier home = new CacheTier(base.caches(), limits.crossWrite(), time, _ -> {}, noted);
        WriteFlag writeFlag = new WriteFlag(
                base.ledger(),
                base.caches(),
                local,
                new Appender(base.ledger(), here, base.metrics(), time, retry, random),
                new Propagator(
                        base.caches(),
                        home,
                        new CatchUp(base.ledger(), base.log(), time),
                        retry,
                        base.metrics(),
                        base.log()),
                new Housekeeping(base.ledger(), base.log(), time),
                () -> UUID.randomUUID().toString(),
                here,
                limits,
                base.metrics(),
                time);
        Answers answers = new Answers(here);
        FlagEndpoints flags = new FlagEndpoints(writeFlag, answers, base.log());
        BulkEndpoints bulk = new BulkEndpoints(writeFlag, base.ledger(), answers, here, limits, base.log(), time);
        HistoryEndpoint history = new HistoryEndpoint(base.ledger(), here, limits, time);
        return http.edge(List.of(
                new Route("PUT", FLAG, Scope.ADMIN, flags::put),
                new Route("PATCH", FLAG, Scope.ADMIN, flags::patch),
                new Route("DELETE", FLAG, Scope.ADMIN, flags::delete),
                new Route("GET", FLAG + "/history", Scope.ADMIN, history::history),
                new Route("POST", FLAG + "/revert", Scope.ADMIN, flags::revert),
                new Route("POST", FLAG + "/invalidate", Scope.ADMIN, flags::invalidate),
                new Route("POST", "/api/admin/import", Scope.ADMIN, bulk::importFile)
                        .withBodyMax(Route.IMPORT_MAX_BYTES),
                new Route("GET", "/api/admin/export", Scope.ADMIN, bulk::export)));
    }
}
