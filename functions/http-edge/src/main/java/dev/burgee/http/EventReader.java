package dev.burgee.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.burgee.failure.InvalidRequestException;
import dev.burgee.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads payload 2.0 events member by member: the runtime's own binding costs 210-270 ms of a cold start. */
final class EventReader {
    private static final String RULE = "; a payload format 2.0 event of an HTTP API is needed";

    private EventReader() {}

    /**
     * Reads one event; members that the edge does not use are skipped.
     *
     * @throws InvalidRequestException when the input is not a JSON object, or a member has not the type of payload 2.0
     */
    static APIGatewayV2HTTPEvent read(InputStream in) {
        try (JsonParser parser = Json.factory().createParser(in)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw invalid("is not a JSON object");
            }
            APIGatewayV2HTTPEvent event = new APIGatewayV2HTTPEvent();
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                member(event, name, parser);
            }
            if (parser.nextToken() != null) {
                throw invalid("has more text after the JSON object");
            }
            return event;
        } catch (IOException e) {
            // Jackson's text may quote the payload: it is not repeated
            throw invalid("is not valid JSON");
        }
    }

    /** The failure of an event that is not what the edge needs. */
    static InvalidRequestException invalid(String problem) {
        return new InvalidRequestException("event", problem + RULE);
    }

    private static void member(APIGatewayV2HTTPEvent event, String name, JsonParser parser) throws IOException {
        switch (name) {
            case "version" -> event.setVersion(text(name, parser));
            case "rawPath" -> event.setRawPath(text(name, parser));
            case "headers" -> event.setHeaders(texts(name, parser));
            case "queryStringParameters" -> event.setQueryStringParameters(texts(name, parser));
            case "body" -> event.setBody(text(name, parser));
            case "isBase64Encoded" -> event.setIsBase64Encoded(bool(name, parser));
            case "requestContext" -> event.setRequestContext(context(name, parser));
            default -> parser.skipChildren();
        }
    }

    private static APIGatewayV2HTTPEvent.@Nullable RequestContext context(String at, JsonParser parser)
            throws IOException {
        if (!isObject(at, parser)) {
            return null;
        }
        var context = new APIGatewayV2HTTPEvent.RequestContext();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            switch (name) {
                case "stage" -> context.setStage(text(at + "." + name, parser));
                case "requestId" -> context.setRequestId(text(at + "." + name, parser));
                case "http" -> context.setHttp(http(at + "." + name, parser));
                case "authorizer" -> context.setAuthorizer(authorizer(at + "." + name, parser));
                default -> parser.skipChildren();
            }
        }
        return context;
    }

    /** Of an authorizer's findings, the token's claims; of those, the ones that are texts. */
    private static APIGatewayV2HTTPEvent.RequestContext.@Nullable Authorizer authorizer(String at, JsonParser parser)
            throws IOException {
        if (!isObject(at, parser)) {
            return null;
        }
        var authorizer = new APIGatewayV2HTTPEvent.RequestContext.Authorizer();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            if (name.equals("jwt") && isObject(at + "." + name, parser)) {
                authorizer.setJwt(jwt(at + "." + name, parser));
            } else {
                parser.skipChildren();
            }
        }
        return authorizer;
    }

    private static APIGatewayV2HTTPEvent.RequestContext.Authorizer.JWT jwt(String at, JsonParser parser)
            throws IOException {
        var jwt = new APIGatewayV2HTTPEvent.RequestContext.Authorizer.JWT();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            if (name.equals("claims") && isObject(at + "." + name, parser)) {
                jwt.setClaims(claims(parser));
            } else {
                parser.skipChildren();
            }
        }
        return jwt;
    }

    private static Map<String, String> claims(JsonParser parser) throws IOException {
        Map<String, String> claims = new LinkedHashMap<>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            if (parser.nextToken() == JsonToken.VALUE_STRING) {
                claims.put(name, parser.getText());
            } else {
                parser.skipChildren();
            }
        }
        return claims;
    }

    private static APIGatewayV2HTTPEvent.RequestContext.@Nullable Http http(String at, JsonParser parser)
            throws IOException {
        if (!isObject(at, parser)) {
            return null;
        }
        var http = new APIGatewayV2HTTPEvent.RequestContext.Http();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            if (name.equals("method")) {
                http.setMethod(text(at + "." + name, parser));
            } else {
                parser.skipChildren();
            }
        }
        return http;
    }

    private static @Nullable String text(String at, JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> parser.getText();
            case VALUE_NULL -> null;
            default -> throw invalid(Shown.of(at) + " must be text");
        };
    }

    private static boolean bool(String at, JsonParser parser) {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE, VALUE_NULL -> false;
            default -> throw invalid(Shown.of(at) + " must be true or false");
        };
    }

    private static @Nullable Map<String, String> texts(String at, JsonParser parser) throws IOException {
        if (!isObject(at, parser)) {
            return null;
        }
        Map<String, String> texts = new LinkedHashMap<>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            String value = text(at + "." + name, parser);
            if (value != null) {
                texts.put(name, value);
            }
        }
        return texts;
    }

    private static boolean isObject(String at, JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> true;
            case VALUE_NULL -> false;
            default -> throw invalid(Shown.of(at) + " must be an object");
        };
    }
}
