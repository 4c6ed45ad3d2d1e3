package dev.burgee.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A function's answer, checked to be one that API Gateway takes. Immutable. */
record ApiAnswer(
        int status, Map<String, String> headers, @Nullable String body) {
    private static final JSON READER =
            JSON.builder().enable(JSON.Feature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    /** Reads the JSON text that a function wrote; fails the test when it is not of payload format 2.0. */
    static ApiAnswer of(String json) {
        Map<?, ?> tree = object(parse(json));
        assertThat(tree.keySet().stream().map(String::valueOf))
                .isSubsetOf("statusCode", "headers", "body", "isBase64Encoded");
        assertThat(tree.get("statusCode")).isInstanceOf(Integer.class);
        assertThat(tree.get("isBase64Encoded")).isEqualTo(false);
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(String.valueOf(tree.get("body"))))
                .as("the body is Unicode text")
                .isTrue();
        Map<String, String> headers = new LinkedHashMap<>();
        object(tree.get("headers")).forEach((name, value) -> {
            assertThat(String.valueOf(value)).as("header %s", name).matches("[ -~]*");
            headers.put(String.valueOf(name), String.valueOf(value));
        });
        return new ApiAnswer((Integer) tree.get("statusCode"), headers, (String) tree.get("body"));
    }

    /** The body as a JSON object. */
    Map<?, ?> json() {
        return object(parse(String.valueOf(body)));
    }

    /** The problem document's kind; empty when this is none. */
    String kind() {
        return "application/problem+json".equals(headers.get("Content-Type")) ? String.valueOf(json().get("kind")) : "";
    }

    /** With the limits of a usual reader, which are wider than those of requests: answers have flags within them. */
    static @Nullable Object parse(String json) {
        try {
            return READER.anyFrom(json);
        } catch (IOException e) {
            throw new AssertionError("an answer is not JSON", e);
        }
    }

    static Map<?, ?> object(@Nullable Object value) {
        if (value instanceof Map<?, ?> object) {
            return object;
        }
        throw new AssertionError("not a JSON object");
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }
}
