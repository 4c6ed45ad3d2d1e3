package dev.burgee.local;

import com.sun.net.httpserver.HttpExchange;
import dev.burgee.region.Region;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The page and the control API of a world over HTTP: finds the route, and turns what goes wrong into problem documents. */
final class ControlApi implements AutoCloseable {
    /** SNS takes no longer message; no other call has a body. */
    private static final int BODY_BYTES_MAX = 256 * 1024;

    private final Geography geography;
    private final List<ControlRoutes.Route> routes;
    private final Site site;
    private final LoopbackServer server;

    private ControlApi(int port, World world) {
        this.geography = world.geography();
        this.routes = new ControlRoutes(world).all();
        this.site = site(world);
        this.server = LoopbackServer.start(port, this::handle);
    }

    /**
     * Serves at a port of the loopback.
     *
     * @param port 0: a free one
     * @throws PortTakenException when the port is taken
     */
    static ControlApi start(int port, World world) {
        return new ControlApi(port, world);
    }

    private static Site site(World world) {
        Map<Region, String> apis = new LinkedHashMap<>();
        world.geography()
                .regions()
                .forEach(region -> apis.put(region, world.baseUri(region).toString()));
        return new Site(apis, world.geography().ledgerRegions());
    }

    URI uri() {
        return server.uri();
    }

    @Override
    public void close() {
        server.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Optional<ControlReply> file = file(exchange);
            if (file.isPresent()) {
                site.headers().forEach(exchange.getResponseHeaders()::set);
                send(exchange, file.get());
                return;
            }
            byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
            ControlReply reply = body.length > BODY_BYTES_MAX
                    ? ControlReply.problem(
                            413, "Too large", "the body has more than " + BODY_BYTES_MAX + " bytes, which SNS takes")
                    : reply(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI(),
                            new String(body, StandardCharsets.UTF_8));
            send(exchange, reply);
        }
    }

    private Optional<ControlReply> file(HttpExchange exchange) {
        boolean reads = exchange.getRequestMethod().equals("GET")
                || exchange.getRequestMethod().equals("HEAD");
        return reads ? site.file(exchange.getRequestURI().getPath()) : Optional.empty();
    }

    private static void send(HttpExchange exchange, ControlReply reply) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", reply.contentType());
        LoopbackHttp.send(exchange, reply.status(), reply.body().getBytes(StandardCharsets.UTF_8));
    }

    /** What a call is answered with; here for tests that need no socket. */
    ControlReply reply(String method, URI uri, String body) {
        List<ControlRoutes.Route> atPath = routes.stream()
                .filter(route -> match(route.path(), uri.getPath()).isPresent())
                .toList();
        if (atPath.isEmpty()) {
            return ControlReply.problem(
                    404, "Not found", "there is no " + uri.getPath() + " here", Map.of("routes", routeNames()));
        }
        Optional<ControlRoutes.Route> route = atPath.stream()
                .filter(candidate -> candidate.method().equals(method))
                .findFirst();
        if (route.isEmpty()) {
            return ControlReply.problem(
                    405,
                    "Method not allowed",
                    "method is " + method + ", but " + uri.getPath() + " takes "
                            + atPath.getFirst().method());
        }
        return call(route.get(), uri, body);
    }

    private ControlReply call(ControlRoutes.Route route, URI uri, String body) {
        Map<String, String> path = match(route.path(), uri.getPath()).orElseThrow();
        try {
            return route.action()
                    .apply(new ControlRequest(path, LoopbackHttp.parameters(uri.getRawQuery()), body, geography));
        } catch (UnknownRegionException e) {
            return ControlReply.problem(404, "Unknown region", String.valueOf(e.getMessage()));
        } catch (BadParameterException e) {
            return ControlReply.problem(400, "Bad parameter", String.valueOf(e.getMessage()));
        } catch (CacheNotRunningException e) {
            return ControlReply.problem(409, "Cache not running", String.valueOf(e.getMessage()));
        } catch (PromotionRefusedException e) {
            return ControlReply.problem(409, "Refused", String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            return ControlReply.problem(500, "Failed", String.valueOf(e.getMessage()));
        }
    }

    private List<String> routeNames() {
        return routes.stream().map(route -> route.method() + " " + route.path()).toList();
    }

    private static Optional<Map<String, String>> match(String pattern, String path) {
        String[] wanted = pattern.split("/", -1);
        String[] given = path.split("/", -1);
        if (wanted.length != given.length) {
            return Optional.empty();
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].startsWith("{")) {
                parameters.put(wanted[i].substring(1, wanted[i].length() - 1), given[i]);
            } else if (!wanted[i].equals(given[i])) {
                return Optional.empty();
            }
        }
        return Optional.of(parameters);
    }
}
