package dev.burgee.local.bench;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.burgee.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Requests as API Gateway hands them to a function: those of {@code events/}, with other paths. */
final class Events {
    private Events() {}

    /** An event that was read already. */
    static APIGatewayV2HTTPEvent parsed(String method, String path, String body) {
        var http = new APIGatewayV2HTTPEvent.RequestContext.Http();
        http.setMethod(method);
        http.setPath(path);
        var context = new APIGatewayV2HTTPEvent.RequestContext();
        context.setHttp(http);
        context.setStage("$default");
        context.setRequestId("Qx1a2jX1DoEEPrA=");
        var event = new APIGatewayV2HTTPEvent();
        event.setVersion("2.0");
        event.setRawPath(path);
        event.setHeaders(WarmAddress.headers());
        event.setRequestContext(context);
        event.setBody(body.isEmpty() ? null : body);
        return event;
    }

    /** The same as Lambda's bytes. */
    static byte[] bytes(String method, String path) {
        Map<String, Object> http = new LinkedHashMap<>();
        http.put("method", method);
        http.put("path", path);
        http.put("protocol", "HTTP/1.1");
        http.put("sourceIp", "192.0.2.7");
        http.put("userAgent", "curl/8.5.0");
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("accountId", "123456789012");
        context.put("apiId", "abcdef1234");
        context.put("domainName", "abcdef1234.execute-api.eu-west-1.amazonaws.com");
        context.put("domainPrefix", "abcdef1234");
        context.put("http", http);
        context.put("requestId", "Qx1a2jX1DoEEPrA=");
        context.put("routeKey", method + " " + path);
        context.put("stage", "$default");
        context.put("time", "21/Nov/2026:05:00:00 +0000");
        context.put("timeEpoch", 1795237200000L);
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("version", "2.0");
        event.put("routeKey", method + " " + path);
        event.put("rawPath", path);
        event.put("rawQueryString", "");
        event.put("headers", WarmAddress.headers());
        event.put("requestContext", context);
        event.put("isBase64Encoded", false);
        return Json.write(event).getBytes(StandardCharsets.UTF_8);
    }
}
