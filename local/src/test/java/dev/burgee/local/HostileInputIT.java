package dev.burgee.local;

import static dev.burgee.local.Hostile.CANARY;
import static dev.burgee.local.Hostile.FLAG;
import static dev.burgee.local.Hostile.FLAGS;
import static dev.burgee.local.Hostile.GOOD;
import static dev.burgee.local.Hostile.IMPORT;
import static dev.burgee.local.Hostile.get;
import static dev.burgee.local.Hostile.nested;
import static dev.burgee.local.Hostile.ofBytes;
import static dev.burgee.local.Hostile.put;
import static dev.burgee.local.Hostile.variants;
import static dev.burgee.local.Hostile.withTargeting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.json.Json;
import dev.burgee.local.Hostile.Row;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bad input, each with its 4xx, its kind, and a message that names the place, the value and the rule; nothing is stored
 * and nothing leaks.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileInputIT {
    private final ApiWorld world = ApiWorld.start();
    private Set<String> before = Set.of();

    @BeforeAll
    void putAFlag() {
        assertThat(world.call(put(GOOD)).status()).isEqualTo(201);
        before = world.stored();
    }

    @AfterAll
    void close() {
        world.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({
        "dev.burgee.local.HostileBodies#rows",
        "dev.burgee.local.HostileDocuments#ofFlags",
        "dev.burgee.local.HostileDocuments#ofFiles",
        "dev.burgee.local.HostileRequests#keys",
        "dev.burgee.local.HostileRequests#headersAndParameters",
        "dev.burgee.local.HostileRequests#callers",
        "dev.burgee.local.HostileRequests#routes"
    })
    void isRefused(Row row) {
        ApiAnswer answer = world.call(row.request());

        assertThat(answer.status()).as("%s", answer).isEqualTo(row.status());
        assertThat(answer.kind()).isEqualTo(row.kind());
        assertThat(message(answer)).contains(row.message());
        assertThat(world.stored()).isEqualTo(before);
        assertThat(world.output()).doesNotContain(CANARY, "dev-admin\"", "dev-read", "wrong-key-canary");
        assertThat(String.valueOf(answer.body())).doesNotContain("wrong-key-canary", ApiWorld.REDIS_PASSWORD);
    }

    @Test
    void anEventThatIsNotOfPayloadFormat2IsRefused() {
        List<String> events = List.of(
                "",
                "null",
                "[]",
                "{}",
                "{",
                "\"x\"",
                "{\"version\":\"1.0\"}",
                "{\"version\":2.0}",
                "{\"version\":\"2.0\"}",
                "{\"version\":\"2.0\",\"rawPath\":\"/api/health\"}",
                "{\"version\":\"2.0\",\"rawPath\":\"/api/health\",\"requestContext\":{}}",
                "{\"version\":\"2.0\",\"rawPath\":[],\"requestContext\":{\"http\":{\"method\":\"GET\"}}}",
                "{\"version\":\"2.0\",\"rawPath\":\"/\",\"headers\":[],\"requestContext\":{\"http\":{\"method\":\"GET\"}}}",
                "{\"version\":\"2.0\",\"rawPath\":\"/\",\"headers\":{\"x-api-key\":[\"dev-admin\"]},\"requestContext\":{}}",
                ApiRequest.of("GET", FLAG).event() + "}",
                nested(1_000),
                String.valueOf(SampleEvents.read().get("rest-shaped")));
        for (String event : events) {
            for (var function : List.of(world.readFunction(), world.writeFunction())) {
                ApiAnswer answer = world.call(function, event, "GET", "/not-known");

                assertThat(answer.status()).as(event).isEqualTo(400);
                assertThat(message(answer)).contains("event", "payload format 2.0");
            }
        }
        assertThat(world.stored()).isEqualTo(before);
    }

    @Test
    void whatIsJustWithinTheLimitsIsStoredAndComesBackOnEveryRoute() {
        try (ApiWorld own = ApiWorld.start()) {
            Map<String, String> flags = new LinkedHashMap<>();
            flags.put("k".repeat(128), GOOD);
            flags.put("size", ofBytes(64 * 1024));
            flags.put("variants", "{\"state\":\"ENABLED\",\"variants\":" + variants(100) + "}");
            flags.put("depth", withTargeting(nested(97)));
            flags.put("digits", withTargeting("{\"a\":" + "9".repeat(100) + ",\"b\":1e-999999999,\"c\":-0.0}"));
            flags.put("text", "{\"state\":\"ENABLED\",\"variants\":{\"\\u0000\":\"\\u0000\\ud83d\\ude00\\u2028\"}}");
            flags.put("names", "{\"state\":\"ENABLED\",\"variants\":{\"a/b~c\":1,\"" + "n".repeat(40_000) + "\":2}}");
            flags.forEach((key, flag) -> {
                String admin = "/api/admin/flags/" + key;
                Map<?, ?> content = ApiAnswer.object(Json.parse(flag));
                assertThat(own.call(ApiRequest.of("PUT", admin).key("dev-admin").base64(flag))
                                .status())
                        .as(key)
                        .isEqualTo(201);
                for (int round = 0; round < 2; round++) {
                    Map<?, ?> served = own.call(get(FLAGS + "/" + key)).json();
                    content.forEach((name, value) ->
                            assertThat(Json.write(served.get(name))).as(key).isEqualTo(Json.write(value)));
                    assertThat(own.call(ApiRequest.of("POST", admin + "/invalidate")
                                            .key("dev-admin"))
                                    .status())
                            .isEqualTo(200);
                }
                assertThat(own.call(ApiRequest.of("PATCH", admin)
                                        .key("dev-admin")
                                        .body("{}"))
                                .status())
                        .isEqualTo(200);
                assertThat(own.call(ApiRequest.of("GET", admin + "/history").key("dev-admin"))
                                .status())
                        .isEqualTo(200);
            });
            assertThat(own.call(get(FLAGS)).status()).isEqualTo(200);
            ApiAnswer file = own.call(ApiRequest.of("GET", "/api/admin/export").key("dev-admin"));
            assertThat(own.call(ApiRequest.of("POST", IMPORT)
                                    .key("dev-admin")
                                    .query("mode", "replace")
                                    .body(String.valueOf(file.body())))
                            .json()
                            .get("unchanged"))
                    .isEqualTo(flags.size());
        }
    }

    private static String message(ApiAnswer answer) {
        Map<?, ?> problem = answer.json();
        StringBuilder text = new StringBuilder(String.valueOf(problem.get("detail")));
        if (problem.get("violations") instanceof List<?> violations) {
            violations.forEach(violation -> {
                if (violation instanceof Map<?, ?> members) {
                    text.append('\n').append(members.get("pointer")).append(' ').append(members.get("message"));
                }
            });
        }
        return text.toString();
    }
}
