package dev.burgee.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.burgee.auth.Principal;
import dev.burgee.auth.Scope;
import dev.burgee.failure.ForbiddenException;
import dev.burgee.failure.UnauthorizedException;
import dev.burgee.json.JsonTree;
import dev.burgee.log.RecordingLog;
import dev.burgee.metrics.Metric;
import dev.burgee.metrics.RecordingMetrics;
import dev.burgee.time.FakeTime;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An edge over one endpoint that tests replace, with the keys {@code reader} and {@code admin}. */
final class EdgeWorld {
    /** What the stream form wrote. */
    record Written(
            int status,
            Map<String, String> headers,
            @Nullable String body) {}

    final RecordingMetrics metrics = new RecordingMetrics();
    final RecordingLog log = new RecordingLog();
    final FakeTime time = new FakeTime();
    final List<Request> seen = new ArrayList<>();
    List<String> corsOrigins = List.of();
    boolean adminTokens;
    Endpoint endpoint = _ -> Response.json(200, "{}");
    private @Nullable HttpEdge edge;

    APIGatewayV2HTTPResponse call(Event event) {
        return edge().handle(event.event());
    }

    Written stream(String event) throws IOException {
        return stream(event.getBytes(StandardCharsets.UTF_8));
    }

    Written stream(byte[] event) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        edge().handle(new ByteArrayInputStream(event), out, null);
        JsonTree answer = JsonTree.of(out.toString(StandardCharsets.UTF_8));
        return new Written(
                (int) answer.number("statusCode"),
                answer.object("headers").texts(),
                answer.has("body") ? answer.text("body") : null);
    }

    private HttpEdge edge() {
        if (edge == null) {
            edge = new HttpEdge(new HttpEdge.Parts(
                    routes(), EdgeWorld::authenticate, adminTokens, corsOrigins, metrics, log, time));
        }
        return edge;
    }

    private List<Route> routes() {
        return List.of(
                new Route("GET", "/api/open", Scope.OPEN, this::handle),
                new Route("GET", "/api/config/flags/{flagKey}", Scope.READ, this::handle).timedAs(Metric.READ_LATENCY),
                new Route("PUT", "/api/admin/flags/{flagKey}", Scope.ADMIN, this::handle),
                new Route("DELETE", "/api/admin/flags/{flagKey}", Scope.ADMIN, this::handle),
                new Route("POST", "/api/admin/import", Scope.ADMIN, this::handle).withBodyMax(Route.IMPORT_MAX_BYTES));
    }

    private Response handle(Request request) {
        seen.add(request);
        return endpoint.handle(request);
    }

    private static Principal authenticate(Map<String, String> headers, Scope needed) {
        if (headers.containsKey("authorization")) {
            throw new UnauthorizedException("no key of ours");
        }
        Scope scope = switch (headers.getOrDefault("x-api-key", "")) {
            case "reader" -> Scope.READ;
            case "admin" -> Scope.ADMIN;
            default -> throw new UnauthorizedException("no key");
        };
        if (!scope.includes(needed)) {
            throw new ForbiddenException("not allowed");
        }
        return new Principal(headers.getOrDefault("x-api-key", ""), scope);
    }
}
