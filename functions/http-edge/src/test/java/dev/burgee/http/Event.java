package dev.burgee.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.burgee.json.Json;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A payload 2.0 event in the making, in both of its forms. Immutable. */
record Event(
        String method,
        String path,
        String stage,
        Map<String, String> headers,
        Map<String, String> query,
        @Nullable String body,
        boolean base64) {

    static Event get(String path) {
        return of("GET", path);
    }

    static Event of(String method, String path) {
        return new Event(method, path, "$default", Map.of(), Map.of(), null, false);
    }

    Event stage(String value) {
        return new Event(method, path, value, headers, query, body, base64);
    }

    Event header(String name, String value) {
        return new Event(method, path, stage, plus(headers, name, value), query, body, base64);
    }

    Event query(String name, String value) {
        return new Event(method, path, stage, headers, plus(query, name, value), body, base64);
    }

    Event key(String key) {
        return header("x-api-key", key);
    }

    Event body(String text) {
        return new Event(method, path, stage, headers, query, text, false);
    }

    Event rawBase64(String text) {
        return new Event(method, path, stage, headers, query, text, true);
    }

    Event base64(byte[] bytes) {
        return rawBase64(Base64.getEncoder().encodeToString(bytes));
    }

    Map<String, Object> tree() {
        return tree(Map.of());
    }

    private Map<String, Object> tree(Map<String, Object> authorized) {
        Map<String, Object> http = new LinkedHashMap<>(Map.of("method", method, "path", path, "sourceIp", "10.0.0.1"));
        Map<String, Object> context = new LinkedHashMap<>(
                Map.of("http", http, "stage", stage, "requestId", "id-1", "timeEpoch", 1_795_000_000_000L));
        context.putAll(authorized);
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("version", "2.0");
        tree.put("routeKey", "$default");
        tree.put("rawPath", path);
        tree.put("rawQueryString", "");
        tree.put("headers", new LinkedHashMap<>(headers));
        tree.put("queryStringParameters", new LinkedHashMap<>(query));
        tree.put("requestContext", context);
        if (body != null) {
            tree.put("body", body);
        }
        tree.put("isBase64Encoded", base64);
        return tree;
    }

    /** As the stream gets it after an authorizer has checked a token with these claims. */
    String json(Map<String, Object> claims) {
        Map<String, Object> jwt = Map.of("claims", claims, "scopes", List.of("burgee/admin"));
        return Json.write(tree(Map.of("authorizer", Map.of("jwt", jwt))));
    }

    String json() {
        return Json.write(tree());
    }

    APIGatewayV2HTTPEvent event() {
        return APIGatewayV2HTTPEvent.builder()
                .withVersion("2.0")
                .withRawPath(path)
                .withHeaders(headers)
                .withQueryStringParameters(query)
                .withBody(body)
                .withIsBase64Encoded(base64)
                .withRequestContext(APIGatewayV2HTTPEvent.RequestContext.builder()
                        .withStage(stage)
                        .withRequestId("id-1")
                        .withHttp(APIGatewayV2HTTPEvent.RequestContext.Http.builder()
                                .withMethod(method)
                                .build())
                        .build())
                .build();
    }

    private static Map<String, String> plus(Map<String, String> map, String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(map);
        more.put(name, value);
        return more;
    }
}
