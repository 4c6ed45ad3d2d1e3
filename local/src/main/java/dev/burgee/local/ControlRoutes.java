package dev.burgee.local;

import dev.burgee.region.Region;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the control API can do. */
final class ControlRoutes {
    private static final long LAG_MS_MAX = 60_000;

    /** One of them; a path segment in braces is a parameter. */
    record Route(String method, String path, Function<ControlRequest, ControlReply> action) {}

    private final World world;

    ControlRoutes(World world) {
        this.world = world;
    }

    List<Route> all() {
        return List.of(
                new Route("GET", "/status", _ -> status()),
                region("/cache/stop", world.caches()::stop),
                region("/cache/start", world.caches()::start),
                region("/cache/stall", world.caches()::stall),
                region("/cache/flush", world.caches()::flush),
                region("/isolate", world::isolate),
                region("/heal", world::heal),
                ledger("/ledger/stop", true),
                ledger("/ledger/start", false),
                new Route("POST", "/regions/{region}/lag", this::lag),
                new Route("POST", "/promote/{region}", this::promote),
                new Route("DELETE", "/faults", _ -> heal()),
                new Route("POST", "/events/{region}", this::publish),
                new Route("POST", "/dns/refuse", _ -> dns(true)),
                new Route("POST", "/dns/allow", _ -> dns(false)),
                new Route("GET", "/events", request -> lines(world.events(), request)),
                new Route("GET", "/metrics", request -> lines(world.output().metrics(), request)),
                new Route("GET", "/logs", request -> lines(world.output().logs(), request)),
                new Route("POST", "/quit", _ -> quit()));
    }

    private static Route region(String action, Consumer<Region> effect) {
        return new Route("POST", "/regions/{region}" + action, request -> {
            Region region = request.region();
            effect.accept(region);
            return done(region, action);
        });
    }

    private Route ledger(String action, boolean stopped) {
        return new Route("POST", "/regions/{region}" + action, request -> {
            Region region = request.ledgerRegion();
            world.network().stopLedger(region, stopped);
            return done(region, action);
        });
    }

    private ControlReply lag(ControlRequest request) {
        Region region = request.region();
        if (region.equals(world.caches().datastore().primary())) {
            throw new BadParameterException(
                    "region is \"" + region + "\", but nothing is replicated into the primary's region");
        }
        long millis = request.number("ms", LAG_MS_MAX);
        world.network().lag(region, Duration.ofMillis(millis));
        return done(region, "/lag?ms=" + millis);
    }

    private ControlReply promote(ControlRequest request) {
        Region region = request.region();
        boolean silent = request.flag("silent");
        world.promote(region, silent);
        return done(region, silent ? "/promote silently" : "/promote");
    }

    private ControlReply publish(ControlRequest request) {
        Region region = request.region();
        world.publish(region, request.body());
        return done(region, "/events");
    }

    private ControlReply dns(boolean refuse) {
        world.dns().refuse(refuse);
        return ControlReply.json(Map.of("done", refuse ? "dns/refuse" : "dns/allow"));
    }

    private ControlReply heal() {
        world.healAll();
        return ControlReply.json(Map.of("done", "all faults healed"));
    }

    private ControlReply quit() {
        world.quit();
        return ControlReply.json(Map.of("done", "quitting"));
    }

    private static ControlReply lines(OutputRing ring, ControlRequest request) {
        long since = request.query().containsKey("since") ? request.number("since", Long.MAX_VALUE) : 0;
        return ControlReply.ndjson(ring.since(since));
    }

    private static ControlReply done(Region region, String action) {
        Map<String, Object> done = new LinkedHashMap<>();
        done.put("region", region.code());
        done.put("done", action.substring(1));
        return ControlReply.json(done);
    }

    private ControlReply status() {
        List<Map<String, @Nullable Object>> regions =
                world.geography().regions().stream().map(this::status).toList();
        Map<String, @Nullable Object> status = new LinkedHashMap<>();
        status.put("primary", world.caches().datastore().primary().code());
        status.put("epoch", boxed(world.epoch()));
        status.put("cname", world.dns().resolve(Route53StandIn.RECORD).orElse(null));
        status.put("aws", world.aws().toString());
        status.put("regions", regions);
        return ControlReply.json(status);
    }

    private Map<String, @Nullable Object> status(Region region) {
        CacheStatus cache = world.caches().status(region);
        Map<String, @Nullable Object> status = new LinkedHashMap<>();
        status.put("name", region.code());
        status.put("url", world.baseUri(region).toString());
        status.put("role", cache.role());
        status.put("cacheUp", cache.up());
        status.put("isolated", world.network().isIsolated(region));
        status.put("position", boxed(cache.position()));
        status.put("replicationLagMs", boxed(cache.lagMs()));
        return status;
    }

    private static @Nullable Long boxed(OptionalLong number) {
        return number.isPresent() ? Long.valueOf(number.getAsLong()) : null;
    }
}
