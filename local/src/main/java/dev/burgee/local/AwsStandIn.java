package dev.burgee.local;

import com.sun.net.httpserver.HttpExchange;
import dev.burgee.region.Region;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * Stands in for AWS's control planes in all regions, at one address: the SDK and the {@code aws} command sign their calls
 * for a service and a region, and that is where a call goes. No network lies between a caller and its region's APIs, so no
 * isolation cuts them. Thread-safe.
 */
final class AwsStandIn implements AutoCloseable {
    /** Lambda's limit on the payload of a call. */
    private static final int BODY_BYTES_MAX = 6 * 1024 * 1024;

    /** One API. */
    @FunctionalInterface
    interface Service {
        AwsReply answer(AwsCall call) throws InterruptedException;
    }

    private final List<Region> regions;
    private final Map<String, Service> services;
    private final LoopbackServer server;

    private AwsStandIn(List<Region> regions, Map<String, Service> services) {
        this.regions = regions;
        this.services = Map.copyOf(services);
        this.server = LoopbackServer.start(0, this::handle);
    }

    /**
     * Serves at a free port of the loopback.
     *
     * @param services by the names for which calls are signed
     */
    static AwsStandIn start(List<Region> regions, Map<String, Service> services) {
        return new AwsStandIn(regions, services);
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
            byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX);
            var call = AwsCall.of(exchange, body);
            AwsReply reply = call.isPresent()
                    ? answer(call.get())
                    : AwsReply.jsonError(403, "MissingAuthenticationTokenException", "The request is not signed.");
            reply.send(exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private AwsReply answer(AwsCall call) throws InterruptedException {
        Service service = services.get(call.service());
        if (service == null) {
            return AwsReply.jsonError(
                    400,
                    "UnknownOperationException",
                    call.service() + " is not spoken here, only " + services.keySet());
        }
        if (!regions.contains(call.region())) {
            return AwsReply.jsonError(
                    400, "UnrecognizedClientException", call.region() + " is not in this world: " + regions);
        }
        try {
            return service.answer(call);
        } catch (IllegalArgumentException e) {
            return AwsReply.jsonError(400, "ValidationException", String.valueOf(e.getMessage()));
        }
    }
}
