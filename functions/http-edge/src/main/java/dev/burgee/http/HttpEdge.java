package dev.burgee.http;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.burgee.auth.Authenticator;
import dev.burgee.auth.Principal;
import dev.burgee.auth.Scope;
import dev.burgee.failure.FailureKind;
import dev.burgee.failure.InvalidRequestException;
import dev.burgee.failure.NotFoundException;
import dev.burgee.failure.TooLargeException;
import dev.burgee.flag.FlagKey;
import dev.burgee.ledger.Position;
import dev.burgee.log.Log;
import dev.burgee.metrics.Metric;
import dev.burgee.metrics.Metrics;
import dev.burgee.time.Time;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The edge of an HTTP function: checks a request in one fixed order, hands it to its endpoint, and turns whatever is
 * thrown into a problem document. Whatever comes in, an answer goes out. Thread-safe.
 */
public final class HttpEdge {
    /**
     * What an edge works with.
     *
     * @param adminTokens whether admin routes ask for a token beside the key; see {@link AdminToken}
     * @param corsOrigins for example {@code https://admin.example.com}; {@code *} for all; empty for none
     */
    public record Parts(
            List<Route> routes,
            Authenticator authenticator,
            boolean adminTokens,
            List<String> corsOrigins,
            Metrics metrics,
            Log log,
            Time time) {
        public Parts {
            routes = List.copyOf(routes);
            corsOrigins = List.copyOf(corsOrigins);
        }
    }

    private static final double NANOS_PER_MILLISECOND = 1e6;

    private final List<Route> routes;
    private final Router router;
    private final Authenticator authenticator;
    private final boolean adminTokens;
    private final Cors cors;
    private final Failures failures;
    private final Metrics metrics;
    private final Time time;
    private final AtomicBoolean warm = new AtomicBoolean();

    public HttpEdge(Parts parts) {
        routes = parts.routes;
        router = new Router(routes);
        authenticator = parts.authenticator;
        adminTokens = parts.adminTokens;
        cors = new Cors(parts.corsOrigins);
        failures = new Failures(parts.log);
        metrics = parts.metrics;
        time = parts.time;
    }

    /** All that is served here, apart from OPTIONS. */
    public List<Route> routes() {
        return routes;
    }

    /**
     * Answers one event in its JSON form, as a {@code RequestStreamHandler} gets it.
     *
     * @throws IOException when {@code out} cannot be written
     */
    public void handle(InputStream in, OutputStream out, @Nullable Context context) throws IOException {
        String id = context == null || context.getAwsRequestId() == null ? "none" : context.getAwsRequestId();
        ResponseWriter.write(answer(() -> EventReader.read(in), id), out);
    }

    /** Answers one event in the form of the events library. */
    public APIGatewayV2HTTPResponse handle(APIGatewayV2HTTPEvent event) {
        Response response = answer(() -> event, "none");
        return APIGatewayV2HTTPResponse.builder()
                .withStatusCode(response.status())
                .withHeaders(response.headers())
                .withBody(response.body())
                .withIsBase64Encoded(false)
                .build();
    }

    private Response answer(Supplier<APIGatewayV2HTTPEvent> source, String fallbackId) {
        try {
            if (warm.compareAndSet(false, true)) {
                metrics.count(Metric.COLD_START);
            }
            metrics.count(Metric.REQUESTS);
            Response response = respond(source, fallbackId);
            if (response.status() >= FailureKind.DEFECT.status()) {
                metrics.count(Metric.SERVER_ERRORS);
            }
            return response;
        } finally {
            metrics.endOfRequest();
        }
    }

    private Response respond(Supplier<APIGatewayV2HTTPEvent> source, String fallbackId) {
        long startNanos = time.nanos();
        String id = fallbackId;
        String origin = null;
        Response response;
        try {
            Envelope envelope = Envelope.of(source.get(), fallbackId);
            id = envelope.requestId();
            origin = envelope.headers().get("origin");
            response = dispatch(envelope, startNanos);
            if (!response.fits()) {
                throw new TooLargeException("the answer is larger than the " + AnswerSize.MAX_BYTES
                        + " bytes that can be sent; ask for a part of it");
            }
        } catch (Throwable thrown) {
            response = failures.answer(thrown, id);
        }
        if (!response.headers().containsKey("Cache-Control")) {
            response = response.with("Cache-Control", "no-store");
        }
        return cors.decorate(response, origin);
    }

    private Response dispatch(Envelope envelope, long startNanos) {
        List<Router.Match> matches = router.at(envelope.path());
        if (matches.isEmpty()) {
            throw new NotFoundException("no route " + Shown.of(envelope.path()));
        }
        Router.Match match = Router.withMethod(matches, envelope.method()).orElse(null);
        if (match == null) {
            List<String> methods =
                    matches.stream().map(other -> other.route().method()).toList();
            return envelope.method().equals("OPTIONS")
                    ? cors.preflight(envelope.headers().get("origin"), methods)
                    : methodNotAllowed(envelope.method(), methods);
        }
        try {
            return match.route().endpoint().handle(check(envelope, match));
        } finally {
            if (match.route().latency() != null) {
                metrics.add(match.route().latency(), (time.nanos() - startNanos) / NANOS_PER_MILLISECOND);
            }
        }
    }

    private Request check(Envelope envelope, Router.Match match) {
        Route route = match.route();
        // first of all, so that nobody without a key learns anything from the other checks
        Principal principal = authenticate(envelope, route.scope());
        String body = Bodies.decode(envelope.body(), envelope.base64(), route.bodyMaxBytes());
        checkFlagKey(match.parameters());
        checkPosition(envelope.headers());
        return new Request(
                envelope.method(),
                envelope.path(),
                match.parameters(),
                envelope.query(),
                envelope.headers(),
                body,
                principal,
                envelope.requestId());
    }

    private Principal authenticate(Envelope envelope, Scope needed) {
        return switch (needed) {
            case OPEN -> Principal.NOBODY;
            case READ -> authenticator.authenticate(envelope.headers(), needed);
            case ADMIN ->
                adminTokens
                        ? AdminToken.holder(envelope, authenticator)
                        : authenticator.authenticate(envelope.headers(), needed);
        };
    }

    private static void checkFlagKey(Map<String, String> parameters) {
        String key = parameters.get(Request.FLAG_KEY);
        if (key != null && !FlagKey.isValid(key)) {
            throw new InvalidRequestException(Request.FLAG_KEY, FlagKey.problem(key));
        }
    }

    private static void checkPosition(Map<String, String> headers) {
        String token = headers.get("burgee-position");
        if (token != null && Position.parse(token).isEmpty()) {
            throw new InvalidRequestException(
                    Request.POSITION_HEADER,
                    Shown.of(token) + " must be 1 to 18 digits, as an answer's header gave it");
        }
    }

    private static Response methodNotAllowed(String method, List<String> methods) {
        String allowed = String.join(", ", methods);
        String detail = "method is " + Shown.of(method) + ", but this path takes " + allowed;
        return new Problem(405, "Method not allowed", FailureKind.INVALID_REQUEST, detail, List.of())
                .toResponse()
                .with("Allow", allowed + ", OPTIONS");
    }
}
