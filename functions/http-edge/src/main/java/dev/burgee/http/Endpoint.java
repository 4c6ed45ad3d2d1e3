package dev.burgee.http;

/** What happens on one route. Thread-safe. */
@FunctionalInterface
public interface Endpoint {
    /**
     * Answers a request that has passed all checks of the edge.
     *
     * @throws dev.burgee.failure.BurgeeException for every answer that is a problem document; anything else that is
     *     thrown is a defect
     */
    Response handle(Request request);
}
