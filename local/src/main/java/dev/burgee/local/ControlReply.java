package dev.burgee.local;

import dev.burgee.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An answer of the control API. */
record ControlReply(int status, String contentType, String body) {
    static ControlReply json(Map<String, ? extends @Nullable Object> tree) {
        return new ControlReply(200, "application/json", Json.write(tree) + "\n");
    }

    /** One JSON text per line. */
    static ControlReply ndjson(List<String> lines) {
        String body = lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
        return new ControlReply(200, "application/x-ndjson", body);
    }

    static ControlReply problem(int status, String title, String detail) {
        return problem(status, title, detail, Map.of());
    }

    static ControlReply problem(int status, String title, String detail, Map<String, ?> more) {
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("title", title);
        problem.put("status", status);
        problem.put("detail", detail);
        problem.putAll(more);
        return new ControlReply(status, "application/problem+json", Json.write(problem) + "\n");
    }
}
