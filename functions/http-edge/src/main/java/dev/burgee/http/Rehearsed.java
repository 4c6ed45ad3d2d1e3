package dev.burgee.http;

import dev.burgee.json.Json;
import dev.burgee.rehearsal.Rehearsal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A request of a {@link Rehearsal}, as an event and back. */
public final class Rehearsed {
    private Rehearsed() {}

    /**
     * Sends one through an edge.
     *
     * @param body empty for none
     * @throws IllegalStateException when it is answered with another status: what was rehearsed is not what will be used
     */
    public static void request(HttpEdge edge, int expected, String method, String path, String body)
            throws IOException {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("version", "2.0");
        event.put("rawPath", path);
        event.put("headers", Map.of("authorization", "Bearer " + Rehearsal.KEY, "accept", "*/*"));
        event.put("requestContext", Map.of("http", Map.of("method", method), "requestId", "rehearsal"));
        if (!body.isEmpty()) {
            event.put("body", body);
        }
        event.put("isBase64Encoded", false);
        var out = new ByteArrayOutputStream();
        edge.handle(new ByteArrayInputStream(Json.write(event).getBytes(StandardCharsets.UTF_8)), out, null);
        String answer = out.toString(StandardCharsets.UTF_8);
        if (!answer.startsWith("{\"statusCode\":" + expected + ",")) {
            throw new IllegalStateException(
                    "the rehearsal of " + method + " " + path + " was answered " + answer + " instead of " + expected);
        }
    }
}
