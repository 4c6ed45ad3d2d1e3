package dev.burgee.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an event says, before any rule about its content. Immutable.
 *
 * @param path without the stage
 * @param headers by lower-case name
 * @param body as it came: base64 text when {@code base64}
 * @param subject of the token that the API has checked; null when it checked none
 */
record Envelope(
        String method,
        String path,
        Map<String, String> query,
        Map<String, String> headers,
        @Nullable String body,
        boolean base64,
        String requestId,
        @Nullable String subject) {

    /**
     * Takes an event apart.
     *
     * @param fallbackId the request's id when the event names none
     * @throws dev.burgee.failure.InvalidRequestException when the event is not of payload format 2.0
     */
    static Envelope of(@Nullable APIGatewayV2HTTPEvent event, String fallbackId) {
        if (event == null) {
            throw EventReader.invalid("is empty");
        }
        if (!"2.0".equals(event.getVersion())) {
            String version = event.getVersion();
            throw EventReader.invalid(version == null ? "has no version" : "has version " + Shown.of(version));
        }
        var context = event.getRequestContext();
        String path = event.getRawPath();
        if (context == null || context.getHttp() == null || context.getHttp().getMethod() == null || path == null) {
            throw EventReader.invalid("lacks rawPath or requestContext.http.method");
        }
        String id = context.getRequestId();
        return new Envelope(
                context.getHttp().getMethod(),
                withoutStage(path, context.getStage()),
                event.getQueryStringParameters() == null ? Map.of() : event.getQueryStringParameters(),
                lowerCase(event.getHeaders()),
                event.getBody(),
                event.getIsBase64Encoded(),
                id == null ? fallbackId : id,
                subject(context.getAuthorizer()));
    }

    private static @Nullable String subject(APIGatewayV2HTTPEvent.RequestContext.@Nullable Authorizer authorizer) {
        if (authorizer == null
                || authorizer.getJwt() == null
                || authorizer.getJwt().getClaims() == null) {
            return null;
        }
        return authorizer.getJwt().getClaims().get("sub");
    }

    /** A named stage is the first segment of the path (unless a custom domain hides it); {@code $default} never is. */
    private static String withoutStage(String path, @Nullable String stage) {
        if (stage == null || stage.isEmpty() || stage.equals("$default") || !path.startsWith("/" + stage)) {
            return path;
        }
        String rest = path.substring(stage.length() + 1);
        return rest.startsWith("/") || rest.isEmpty() ? rest : path;
    }

    private static Map<String, String> lowerCase(@Nullable Map<String, String> headers) {
        if (headers == null) {
            return Map.of();
        }
        if (isLowerCase(headers)) {
            return Map.copyOf(headers); // as API Gateway sends them
        }
        Map<String, String> lower = new LinkedHashMap<>();
        headers.forEach((name, value) -> {
            if (value != null) {
                lower.merge(name.toLowerCase(Locale.ROOT), value, (a, b) -> a + "," + b);
            }
        });
        return Map.copyOf(lower);
    }

    private static boolean isLowerCase(Map<String, String> headers) {
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (header.getValue() == null || !isLowerCase(header.getKey())) {
                return false;
            }
        }
        return true;
    }

    /** Surely: what is beyond ASCII is not looked at. */
    private static boolean isLowerCase(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if ((c >= 'A' && c <= 'Z') || c > 0x7f) {
                return false;
            }
        }
        return true;
    }
}
