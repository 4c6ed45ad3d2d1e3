package dev.burgee.local;

import com.sun.net.httpserver.HttpExchange;
import dev.burgee.json.Json;
import dev.burgee.json.MalformedJsonException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Stands in for one region's API Gateway (HTTP API): requests to payload 2.0 events, answers back to HTTP, with the
 * gateway's own limits and error texts. Thread-safe.
 */
final class RegionGateway implements AutoCloseable {
    /** API Gateway's limit on a request's body. */
    static final int BODY_BYTES_MAX = 10 * 1024 * 1024;
    /** Lambda's limit on the event and on the answer of a synchronous call. */
    static final int PAYLOAD_BYTES_MAX = 6 * 1024 * 1024;

    private final FunctionHost read;
    private final FunctionHost write;
    private final ReadCounts reads = new ReadCounts();
    private final LoopbackServer server;

    private RegionGateway(int port, FunctionHost read, FunctionHost write) {
        this.read = read;
        this.write = write;
        this.server = LoopbackServer.start(port, this::handle);
    }

    /**
     * Serves at a port of the loopback.
     *
     * @param port 0: a free one
     * @throws PortTakenException when the port is taken
     */
    static RegionGateway start(int port, FunctionHost read, FunctionHost write) {
        return new RegionGateway(port, read, write);
    }

    URI uri() {
        return server.uri();
    }

    /** What it has answered so far. */
    ReadCounts reads() {
        return reads;
    }

    @Override
    public void close() {
        server.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Optional<FunctionHost> function = function(exchange.getRequestURI().getRawPath());
            if (function.isEmpty()) {
                fail(exchange, 404, "Not Found");
                return;
            }
            byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
            String event = body.length > BODY_BYTES_MAX
                    ? ""
                    : Json.write(HttpCall.of(exchange, body).event(Instant.now()));
            if (event.isEmpty() || event.length() > PAYLOAD_BYTES_MAX) {
                fail(exchange, 413, "Request Entity Too Large");
                return;
            }
            switch (function.get().invoke(event)) {
                case Invocation.Answered(String json) -> answer(exchange, json);
                case Invocation.Failed _ -> fail(exchange, 500, "Internal Server Error");
                case Invocation.TimedOut _, Invocation.Throttled _ -> fail(exchange, 503, "Service Unavailable");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<FunctionHost> function(String path) {
        if (under(path, "/api/config") || under(path, "/api/health")) {
            return Optional.of(read);
        }
        return under(path, "/api/admin") ? Optional.of(write) : Optional.empty();
    }

    private static boolean under(String path, String prefix) {
        return path.equals(prefix) || path.startsWith(prefix + "/");
    }

    private void answer(HttpExchange exchange, String json) throws IOException {
        Object tree;
        try {
            tree = Json.parse(json);
        } catch (MalformedJsonException e) {
            tree = null;
        }
        if (json.length() > PAYLOAD_BYTES_MAX
                || !(tree instanceof Map<?, ?> response)
                || !(response.get("statusCode") instanceof Integer status)) {
            fail(exchange, 500, "Internal Server Error");
            return;
        }
        if (response.get("headers") instanceof Map<?, ?> headers) {
            headers.forEach(
                    (name, value) -> exchange.getResponseHeaders().set(String.valueOf(name), String.valueOf(value)));
        }
        String source = exchange.getResponseHeaders().getFirst("Burgee-Source");
        if (source != null && under(exchange.getRequestURI().getRawPath(), "/api/config")) {
            reads.add(source);
        }
        if (response.get("cookies") instanceof List<?> cookies) {
            cookies.forEach(cookie -> exchange.getResponseHeaders().add("Set-Cookie", String.valueOf(cookie)));
        }
        String body = response.get("body") instanceof String text ? text : "";
        LoopbackHttp.send(
                exchange,
                status,
                Boolean.TRUE.equals(response.get("isBase64Encoded"))
                        ? Base64.getDecoder().decode(body)
                        : body.getBytes(StandardCharsets.UTF_8));
    }

    private static void fail(HttpExchange exchange, int status, String message) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        LoopbackHttp.send(
                exchange, status, Json.write(Map.of("message", message)).getBytes(StandardCharsets.UTF_8));
    }
}
