package dev.burgee.local;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A request as API Gateway's HTTP API hands it to a function: payload format 2.0. Immutable. */
final class HttpCall {
    private static final DateTimeFormatter LOG_TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final String method;
    private final URI uri;
    private final Map<String, List<String>> headers;
    private final String sourceIp;
    private final byte[] body;

    private HttpCall(String method, URI uri, Map<String, List<String>> headers, String sourceIp, byte[] body) {
        this.method = method;
        this.uri = uri;
        this.headers = headers;
        this.sourceIp = sourceIp;
        this.body = body.clone();
    }

    static HttpCall of(HttpExchange exchange, byte[] body) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        Headers received = exchange.getRequestHeaders();
        received.forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
        InetSocketAddress remote = exchange.getRemoteAddress();
        String sourceIp =
                remote.getAddress() == null ? "127.0.0.1" : remote.getAddress().getHostAddress();
        return new HttpCall(exchange.getRequestMethod(), exchange.getRequestURI(), headers, sourceIp, body);
    }

    /** The event, as a tree for {@link dev.burgee.json.Json#write}. */
    Map<String, @Nullable Object> event(Instant now) {
        String rawQuery = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        Map<String, @Nullable Object> event = new LinkedHashMap<>();
        event.put("version", "2.0");
        event.put("routeKey", "$default");
        event.put("rawPath", uri.getRawPath());
        event.put("rawQueryString", rawQuery);
        List<String> cookies = cookies();
        if (!cookies.isEmpty()) {
            event.put("cookies", cookies);
        }
        event.put("headers", joinedHeaders());
        Map<String, String> query = query(rawQuery);
        if (!query.isEmpty()) {
            event.put("queryStringParameters", query);
        }
        event.put("requestContext", context(now));
        addBody(event);
        return event;
    }

    private Map<String, Object> context(Instant now) {
        Map<String, Object> http = new LinkedHashMap<>();
        http.put("method", method);
        http.put("path", uri.getRawPath());
        http.put("protocol", "HTTP/1.1");
        http.put("sourceIp", sourceIp);
        http.put("userAgent", String.join(",", headers.getOrDefault("user-agent", List.of(""))));
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("accountId", "anonymous");
        context.put("apiId", "local");
        context.put("domainName", "local");
        context.put("domainPrefix", "local");
        context.put("http", http);
        context.put("requestId", UUID.randomUUID().toString());
        context.put("routeKey", "$default");
        context.put("stage", "$default");
        context.put("time", LOG_TIME.format(now));
        context.put("timeEpoch", now.toEpochMilli());
        return context;
    }

    private Map<String, String> joinedHeaders() {
        Map<String, String> joined = new LinkedHashMap<>();
        headers.forEach((name, values) -> {
            if (!name.equals("cookie")) {
                joined.put(name, String.join(",", values));
            }
        });
        joined.put("x-forwarded-for", sourceIp);
        joined.put("x-forwarded-proto", "http");
        return joined;
    }

    private List<String> cookies() {
        List<String> cookies = new ArrayList<>();
        for (String header : headers.getOrDefault("cookie", List.of())) {
            for (String cookie : header.split(";", -1)) {
                if (!cookie.isBlank()) {
                    cookies.add(cookie.strip());
                }
            }
        }
        return cookies;
    }

    private void addBody(Map<String, @Nullable Object> event) {
        Optional<String> text = isText() ? utf8(body) : Optional.empty();
        if (body.length > 0) {
            event.put("body", text.orElseGet(() -> Base64.getEncoder().encodeToString(body)));
        }
        event.put("isBase64Encoded", body.length > 0 && text.isEmpty());
    }

    /** Whether the content type counts as text; curl's default, the form type, does not at the real gateway either. */
    private boolean isText() {
        List<String> types = headers.getOrDefault("content-type", List.of());
        if (types.isEmpty()) {
            return true;
        }
        String type = types.getFirst().split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return type.startsWith("text/")
                || type.equals("application/json")
                || type.equals("application/javascript")
                || type.equals("application/xml")
                || type.endsWith("+json")
                || type.endsWith("+xml");
    }

    private static Optional<String> utf8(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static Map<String, String> query(String rawQuery) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair : rawQuery.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
                String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
                query.merge(name, value, (one, other) -> one + "," + other);
            }
        }
        return query;
    }

    /** Undoes percent-encoding and plus; what is not encoding stays as it is, because a gateway refuses nothing. */
    private static String decoded(String text) {
        var bytes = new ByteArrayOutputStream(text.length());
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '%' && isHex(text, i + 1) && isHex(text, i + 2)) {
                bytes.write(Integer.parseInt(text, i + 1, i + 3, 16));
                i += 3;
            } else if (c == '+') {
                bytes.write(' ');
                i++;
            } else {
                int end = i + Character.charCount(text.codePointAt(i));
                bytes.writeBytes(text.substring(i, end).getBytes(StandardCharsets.UTF_8));
                i = end;
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static boolean isHex(String text, int at) {
        return at < text.length() && Character.digit(text.charAt(at), 16) >= 0 && text.charAt(at) < 0x80;
    }
}
