package dev.burgee.local;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the tables of bad input are written with. */
final class Hostile {
    static final String FLAG = "/api/config/flags/known";
    static final String ADMIN = "/api/admin/flags/known";
    static final String FLAGS = "/api/config/flags";
    static final String IMPORT = "/api/admin/import";
    /** In every payload here, so that it can be looked for where it must not be. */
    static final String CANARY = "payload-canary";

    static final String GOOD =
            "{\"state\":\"ENABLED\",\"variants\":{\"a\":\"" + CANARY + "\"},\"defaultVariant\":\"a\"}";

    /** A request and what must come of it; the message is the detail and all violations. */
    record Row(String name, ApiRequest request, int status, String kind, List<String> message) {
        @Override
        public String toString() {
            return name;
        }
    }

    private Hostile() {}

    static Row bad(String name, ApiRequest request, String... message) {
        return new Row(name, request, 400, "invalid-request", Arrays.asList(message));
    }

    static Row unauthorized(String name, ApiRequest request, String message) {
        return new Row(
                name + ": " + request.method() + " " + request.path(), request, 401, "unauthorized", List.of(message));
    }

    static Row method(String method, String path) {
        return new Row(
                method + " " + path,
                ApiRequest.of(method, path).key("dev-admin"),
                405,
                "invalid-request",
                List.of("method", "\"" + method + "\""));
    }

    static ApiRequest get(String path) {
        return ApiRequest.of("GET", path).key("dev-read");
    }

    static ApiRequest put(String body) {
        return ApiRequest.of("PUT", ADMIN).key("dev-admin").body(body);
    }

    static ApiRequest patch(String body) {
        return ApiRequest.of("PATCH", ADMIN).key("dev-admin").body(body);
    }

    static ApiRequest revert(String body) {
        return ApiRequest.of("POST", ADMIN + "/revert").key("dev-admin").body(body);
    }

    static ApiRequest history() {
        return ApiRequest.of("GET", ADMIN + "/history").key("dev-admin");
    }

    static ApiRequest importing(String body) {
        return ApiRequest.of("POST", IMPORT).key("dev-admin").body(body);
    }

    static String with(String member) {
        return "{\"state\":\"ENABLED\",\"variants\":{\"a\":\"" + CANARY + "\"}," + member + "}";
    }

    static String withTargeting(String targeting) {
        return with("\"targeting\":" + targeting);
    }

    static String nested(int levels) {
        return "{\"a\":".repeat(levels - 1) + "{}" + "}".repeat(levels - 1);
    }

    static String variants(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"v" + i + "\":" + i)
                .collect(Collectors.joining(",", "{", "}"));
    }

    static String object(int members) {
        return IntStream.range(0, members)
                .mapToObj(i -> "\"m" + i + "\":" + i)
                .collect(Collectors.joining(",", "{", "}"));
    }

    static String flags(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"f" + i + "\":" + GOOD)
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** A JSON text of so many characters. */
    static String filled(int length) {
        return "\"" + "x".repeat(length - 2) + "\"";
    }

    /** A flag whose definition has so many bytes. */
    static String ofBytes(int bytes) {
        String head = "{\"state\":\"ENABLED\",\"variants\":{\"a\":\"";
        String tail = "\"},\"defaultVariant\":null,\"targeting\":{},\"metadata\":{}}";
        int frame = (head + tail).getBytes(StandardCharsets.UTF_8).length;
        return head + "x".repeat(bytes - frame) + tail;
    }

    static String printable(String text) {
        return text.replaceAll("[^ -~]", "?");
    }
}
