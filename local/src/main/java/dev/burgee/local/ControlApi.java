package dev.burgee.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The control API of a world over HTTP: finds the route, and turns what goes wrong into problem documents. */
final class ControlApi implements AutoCloseable {
    private final HttpServer server;
    private final Geography geography;
    private final List<ControlRoutes.Route> routes;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private ControlApi(HttpServer server, Geography geography, List<ControlRoutes.Route> routes) {
        this.server = server;
        this.geography = geography;
        this.routes = routes;
    }

    /**
     * Serves at a port of the loopback.
     *
     * @param port 0: a free one
     * @throws PortTakenException when the port is taken
     */
    static ControlApi start(int port, World world) {
        HttpServer server = LoopbackHttp.bind(port);
        var api = new ControlApi(server, world.geography(), new ControlRoutes(world).all());
        server.createContext("/", api::handle);
        server.setExecutor(api.threads);
        server.start();
        return api;
    }

    URI uri() {
        return LoopbackHttp.uri(server);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            ControlReply reply = reply(exchange.getRequestMethod(), exchange.getRequestURI());
            exchange.getResponseHeaders().set("Content-Type", reply.contentType());
            LoopbackHttp.send(exchange, reply.status(), reply.body().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** What a call is answered with; here for tests that need no socket. */
    ControlReply reply(String method, URI uri) {
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
        return call(route.get(), uri);
    }

    private ControlReply call(ControlRoutes.Route route, URI uri) {
        Map<String, String> path = match(route.path(), uri.getPath()).orElseThrow();
        try {
            return route.action().apply(new ControlRequest(path, query(uri.getRawQuery()), geography));
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

    private static Map<String, String> query(String rawQuery) {
        Map<String, String> query = new LinkedHashMap<>();
        if (rawQuery != null) {
            for (String pair : rawQuery.split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                query.put(name, URLDecoder.decode(value, StandardCharsets.UTF_8));
            }
        }
        return query;
    }
}
