package dev.burgee.local;

import dev.burgee.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request in the making, as a payload 2.0 event. Immutable. */
record ApiRequest(
        String method,
        String path,
        Map<String, String> headers,
        Map<String, String> query,
        @Nullable String body,
        boolean base64) {

    static ApiRequest of(String method, String path) {
        return new ApiRequest(method, path, Map.of(), Map.of(), null, false);
    }

    ApiRequest header(String name, String value) {
        return new ApiRequest(method, path, plus(headers, name, value), query, body, base64);
    }

    ApiRequest key(String key) {
        return header("x-api-key", key);
    }

    ApiRequest query(String name, String value) {
        return new ApiRequest(method, path, headers, plus(query, name, value), body, base64);
    }

    ApiRequest body(String text) {
        return new ApiRequest(method, path, headers, query, text, false);
    }

    ApiRequest base64(byte[] bytes) {
        return rawBase64(Base64.getEncoder().encodeToString(bytes));
    }

    ApiRequest base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    ApiRequest rawBase64(String text) {
        return new ApiRequest(method, path, headers, query, text, true);
    }

    Map<String, @Nullable Object> tree() {
        Map<String, @Nullable Object> http = new LinkedHashMap<>();
        http.put("method", method);
        http.put("path", path);
        http.put("protocol", "HTTP/1.1");
        http.put("sourceIp", "192.0.2.7");
        http.put("userAgent", "curl/8.5.0");
        Map<String, @Nullable Object> context = new LinkedHashMap<>();
        context.put("http", http);
        context.put("requestId", "id-1");
        context.put("stage", "$default");
        Map<String, @Nullable Object> event = new LinkedHashMap<>();
        event.put("version", "2.0");
        event.put("routeKey", "$default");
        event.put("rawPath", path);
        event.put("rawQueryString", "");
        event.put("headers", headers);
        if (!query.isEmpty()) {
            event.put("queryStringParameters", query);
        }
        event.put("requestContext", context);
        if (body != null) {
            event.put("body", body);
        }
        event.put("isBase64Encoded", base64);
        return event;
    }

    String event() {
        return Json.write(tree());
    }

    private static Map<String, String> plus(Map<String, String> map, String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(map);
        more.put(name, value);
        return more;
    }
}
