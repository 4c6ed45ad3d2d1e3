package dev.burgee.http;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which browser pages may read the answers: those of configured origins. Immutable. */
final class Cors {
    private static final String ALLOWED_HEADERS =
            "Authorization, X-API-Key, Content-Type, If-Match, If-None-Match, Burgee-Position, Idempotency-Key";
    // named one by one: browsers know no wildcard within a name
    private static final String EXPOSED_HEADERS =
            "ETag, Retry-After, Burgee-Position, Burgee-Source, Burgee-Region, Burgee-Stale, Burgee-Next";
    /** Ten minutes: the most that Chromium up to 75 kept a preflight; long enough to matter, short enough to change. */
    private static final String MAX_AGE_SECONDS = "600";

    private final Set<String> origins;

    Cors(List<String> origins) {
        this.origins = Set.copyOf(origins);
    }

    /** The answer to OPTIONS: the methods for all, the headers for configured origins only. */
    Response preflight(@Nullable String origin, List<String> methods) {
        String all = String.join(", ", methods) + ", OPTIONS";
        Response response = Response.empty(204).with("Allow", all);
        if (allowed(origin) == null) {
            return response;
        }
        return response.with("Access-Control-Allow-Methods", all)
                .with("Access-Control-Allow-Headers", ALLOWED_HEADERS)
                .with("Access-Control-Max-Age", MAX_AGE_SECONDS);
    }

    /** The same answer with what lets pages of configured origins read it. */
    Response decorate(Response response, @Nullable String origin) {
        if (origins.isEmpty()) {
            return response;
        }
        // also where the request has no origin: a cache in between must not hand that answer to a page
        Response varied = response.with("Vary", "Origin");
        String allowed = allowed(origin);
        return allowed == null
                ? varied
                : varied.with("Access-Control-Allow-Origin", allowed)
                        .with("Access-Control-Expose-Headers", EXPOSED_HEADERS);
    }

    private @Nullable String allowed(@Nullable String origin) {
        if (origin == null) {
            return null;
        }
        if (origins.contains("*")) {
            return "*";
        }
        return origins.contains(origin) ? origin : null;
    }
}
