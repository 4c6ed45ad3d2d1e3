package dev.burgee.local;

import com.sun.net.httpserver.HttpExchange;
import dev.burgee.region.Region;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A call of an AWS API; its signature says which one, and in which region. Nobody checks the signature. Immutable.
 *
 * @param service for example {@code elasticache}
 * @param path without the query, decoded
 */
record AwsCall(
        String service,
        Region region,
        String method,
        String path,
        Map<String, String> query,
        Map<String, String> headers,
        String body) {
    private static final Pattern SCOPE =
            Pattern.compile("Credential=[^/]+/[0-9]{8}/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request");

    AwsCall {
        query = Map.copyOf(query);
        headers = Map.copyOf(headers);
    }

    /** Empty when the request is not signed. */
    static Optional<AwsCall> of(HttpExchange exchange, byte[] body) {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        Matcher scope = SCOPE.matcher(authorization == null ? "" : authorization);
        if (!scope.find()) {
            return Optional.empty();
        }
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        return Optional.of(new AwsCall(
                scope.group(2),
                new Region(scope.group(1)),
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                LoopbackHttp.parameters(exchange.getRequestURI().getRawQuery()),
                headers,
                new String(body, StandardCharsets.UTF_8)));
    }

    /** A header by its name in small letters; the empty text when it is missing. */
    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** The body's parameters, as the query protocol sends them. */
    Map<String, String> form() {
        return LoopbackHttp.parameters(body);
    }
}
