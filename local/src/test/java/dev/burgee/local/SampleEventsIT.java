package dev.burgee.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.json.Json;
import dev.burgee.json.JsonTree;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every file of {@code events/} through the handlers, in an order in which each does what its name says. */
final class SampleEventsIT {
    @Test
    void everySampleGetsTheAnswerThatItsNamePromises() {
        Map<String, String> events = SampleEvents.read();
        assertThat(events.keySet()).containsExactlyInAnyOrderElementsOf(SampleEvents.STATUS.keySet());
        Map<String, Integer> statuses = new LinkedHashMap<>();
        Map<String, String> bodies = new LinkedHashMap<>();
        try (ApiWorld world = ApiWorld.start()) {
            SampleEvents.STATUS.keySet().forEach(name -> {
                String event = String.valueOf(events.get(name));
                JsonTree tree = JsonTree.of(event);
                boolean rest = tree.has("httpMethod");
                String path = tree.text(rest ? "path" : "rawPath");
                String method = rest
                        ? tree.text("httpMethod")
                        : tree.object("requestContext").object("http").text("method");
                ApiAnswer answer = world.call(world.function(path), event, method, path);
                statuses.put(name, answer.status());
                bodies.put(name, String.valueOf(answer.body()));
            });
        }

        assertThat(statuses).isEqualTo(SampleEvents.STATUS);
        assertThat(bodies.get("put-flag-base64")).contains("größer für Gold");
        assertThat(bodies.get("export-flags")).contains("new-checkout", "banner", "upload-limit");
        assertThat(bodies.get("rest-shaped")).contains("payload format 2.0");
    }

    @Test
    void theSamplesSayTheSameThingTwiceTheSameWay() {
        SampleEvents.read().forEach((name, event) -> {
            JsonTree tree = JsonTree.of(event);
            if (tree.has("httpMethod")) {
                return;
            }
            JsonTree http = tree.object("requestContext").object("http");
            assertThat(http.text("path")).as(name).isEqualTo(tree.text("rawPath"));
            assertThat(tree.object("requestContext").text("routeKey")).as(name).isEqualTo(tree.text("routeKey"));
            assertThat(Json.parse(event)).as(name).isInstanceOf(Map.class);
        });
    }
}
