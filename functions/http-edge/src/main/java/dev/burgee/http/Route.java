package dev.burgee.http;

import dev.burgee.auth.Scope;
import dev.burgee.metrics.Metric;
import org.jspecify.annotations.Nullable;

/**
 * One method on one path. Immutable.
 *
 * @param template a path in which {@code {name}} stands for one segment, for example {@code /api/config/flags/{flagKey}}
 * @param bodyMaxBytes what is longer is refused with 413
 * @param latency where the time of each of its requests is counted, in milliseconds; null: nowhere
 */
public record Route(
        String method,
        String template,
        Scope scope,
        Endpoint endpoint,
        int bodyMaxBytes,
        @Nullable Metric latency) {
    /** The usual limit: a flag document may be 64 KiB; four times that leaves room for white space and escapes. */
    public static final int BODY_MAX_BYTES = 256 * 1024;

    /** The limit of imports: what is left of Lambda's 6 MB event for a body that may be base64. */
    public static final int IMPORT_MAX_BYTES = 5 * 1024 * 1024;

    public Route {
        if (!template.startsWith("/")) {
            throw new IllegalArgumentException("template is \"" + template + "\", but must start with a slash");
        }
    }

    public Route(String method, String template, Scope scope, Endpoint endpoint) {
        this(method, template, scope, endpoint, BODY_MAX_BYTES, null);
    }

    /** The same with another limit on the body. */
    public Route withBodyMax(int bytes) {
        return new Route(method, template, scope, endpoint, bytes, latency);
    }

    /** The same with its time counted under that metric. */
    public Route timedAs(Metric metric) {
        return new Route(method, template, scope, endpoint, bodyMaxBytes, metric);
    }
}
