package dev.burgee.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * A run in which every described status is answered. That each answer is as described, {@link ApiWorld} checks here and
 * in all other tests that use it.
 */
final class OpenApiIT {
    private static final String GOOD = "{\"state\":\"ENABLED\",\"variants\":{\"on\":true}}";
    private static final String TOO_LARGE = "\"" + "x".repeat(5 * 1024 * 1024) + "\"";

    /** What a good request of an operation carries. */
    private static final Map<String, String> BODIES = Map.of(
            "PUT /api/admin/flags/{flagKey}",
            GOOD,
            "PATCH /api/admin/flags/{flagKey}",
            "{}",
            "POST /api/admin/flags/{flagKey}/revert",
            "{\"to\":1}",
            "POST /api/admin/import",
            "{\"flags\":{\"b\":" + GOOD + "}}");

    private final Set<String> answered = new TreeSet<>();

    @Test
    void everyDescribedStatusIsAnswered() {
        ApiDocument document = ApiDocument.read();
        Set<String> described = new TreeSet<>();
        document.operations()
                .forEach(operation -> operation.responses().keySet().stream()
                        .map(status -> operation.name(Integer.parseInt(String.valueOf(status))))
                        // a defect cannot be asked for
                        .filter(name -> !name.endsWith(" 500"))
                        .forEach(described::add));

        List<ApiDocument.Operation> operations = document.operations();
        try (ApiWorld world = ApiWorld.start()) {
            operations.forEach(operation -> refused(world, operation));
            operations.forEach(operation -> conflicting(world, operation));
            served(world);
            operations.stream()
                    .filter(OpenApiIT::needsAFlag)
                    .forEach(operation -> world.call(good(operation, "unknown")));
            answered.addAll(world.answered());
        }
        try (ApiWorld world = ApiWorld.unreachable()) {
            operations.forEach(operation -> world.call(good(operation, "a")));
            answered.addAll(world.answered());
        }

        Set<String> never = new TreeSet<>(described);
        never.removeAll(answered);
        assertThat(never).as("described, but not answered here").isEmpty();
    }

    private static void refused(ApiWorld world, ApiDocument.Operation operation) {
        ApiRequest request = good(operation, "a");
        world.call(ApiRequest.of(request.method(), request.path()));
        world.call(request.key("dev-read").header("burgee-position", "x"));
        world.call(request.header("burgee-position", "x"));
        world.call(request.body(TOO_LARGE + "x".repeat(3)));
    }

    /** One key for all: it is claimed by the first that writes, and the others are another request. */
    private static void conflicting(ApiWorld world, ApiDocument.Operation operation) {
        if (operation.responses().containsKey("409")) {
            ApiRequest request = good(operation, "a").header("idempotency-key", "one-for-all");
            world.call(good(operation, "claims").header("idempotency-key", "one-for-all"));
            world.call(request);
        }
        if (operation.responses().containsKey("412")) {
            world.call(good(operation, "a").header("if-match", "\"999\""));
        }
    }

    private static void served(ApiWorld world) {
        String flag = "/api/config/flags/a";
        String admin = "/api/admin/flags/a";
        ApiRequest put = ApiRequest.of("PUT", admin).key("dev-admin").body(GOOD);
        world.call(put);
        String first = String.valueOf(world.call(put).headers().get("Burgee-Position"));
        String etag = world.call(ApiRequest.of("GET", flag).key("dev-read").header("burgee-position", first))
                .header("ETag");
        world.call(ApiRequest.of("GET", flag).key("dev-read").header("if-none-match", etag));
        String all = world.call(ApiRequest.of("GET", "/api/config/flags").key("dev-read"))
                .header("ETag");
        world.call(ApiRequest.of("GET", "/api/config/flags").key("dev-read").header("if-none-match", all));
        world.call(ApiRequest.of("GET", "/api/config/flags").key("dev-read").query("limit", "1"));
        world.call(ApiRequest.of("GET", "/api/health").key("dev-read"));
        world.call(ApiRequest.of("GET", "/api/health/live"));
        world.call(ApiRequest.of("GET", "/api/health/ready"));
        world.call(ApiRequest.of("PATCH", admin).key("dev-admin").body("{\"metadata\":{\"a\":1}}"));
        world.call(ApiRequest.of("POST", admin + "/invalidate").key("dev-admin"));
        ApiRequest revert =
                ApiRequest.of("POST", admin + "/revert").key("dev-admin").body("{\"to\":" + first + "}");
        world.call(revert);
        world.call(revert.header("if-match", "\"999\""));
        world.call(ApiRequest.of("GET", admin + "/history").key("dev-admin").query("limit", "1"));
        ApiRequest file =
                ApiRequest.of("POST", "/api/admin/import").key("dev-admin").body("{\"flags\":{\"b\":" + GOOD + "}}");
        world.call(file.query("dryRun", "true"));
        world.call(file.query("mode", "replace"));
        world.call(ApiRequest.of("GET", "/api/admin/export").key("dev-admin"));
        world.call(put);
        world.call(ApiRequest.of("DELETE", admin).key("dev-admin"));
        world.call(ApiRequest.of("GET", admin + "/history").key("dev-admin"));
        world.call(ApiRequest.of("GET", flag).key("dev-read"));
    }

    private static boolean needsAFlag(ApiDocument.Operation operation) {
        return operation.template().contains("{flagKey}") && !operation.method().equals("PUT");
    }

    private static ApiRequest good(ApiDocument.Operation operation, String key) {
        ApiRequest request = ApiRequest.of(
                        operation.method(), operation.template().replace("{flagKey}", key))
                .key("dev-admin");
        String body = BODIES.get(operation.method() + " " + operation.template());
        return body == null ? request : request.body(body);
    }
}
