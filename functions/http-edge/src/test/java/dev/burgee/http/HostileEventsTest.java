package dev.burgee.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Mutated events by the thousand; a run is repeated with {@code -Dseed=<what it printed>}. */
@Timeout(120)
class HostileEventsTest {
    private static final int EVENTS = 20_000;
    private static final Duration ONE_MAX = Duration.ofSeconds(5);
    private static final List<Event> ORDINARY = List.of(
            Event.get("/api/open"),
            Event.get("/api/config/flags/new-checkout").key("reader").header("burgee-position", "42"),
            Event.of("PUT", "/api/admin/flags/f").key("admin").body("{\"a\":1}").header("if-match", "\"1\", W/\"2\""),
            Event.of("PUT", "/api/admin/flags/f").key("admin").base64(new byte[] {1, 2, 3}),
            Event.of("POST", "/api/admin/import").key("admin").body("{}").query("mode", "merge"),
            Event.of("OPTIONS", "/api/admin/flags/f").header("origin", "https://a.example"));
    private static final List<String> NASTY = List.of(
            "",
            " ",
            "\u0000",
            "\n",
            "\r\nSet-Cookie: a=b",
            "../..",
            "%00",
            "%2e%2e%2f",
            "\ud800",
            "\udc00\ud800",
            "\ud83d\ude00",
            "ÿ",
            "*",
            "W/\"",
            "\"\"",
            "\"42\"",
            "'",
            "\\",
            "{",
            "}",
            "[",
            "null",
            "true",
            "NaN",
            "-0",
            "1e999999999",
            "999999999999999999999",
            "2.0",
            "1.0",
            "$default",
            "prod",
            "OPTIONS",
            "get",
            "=?",
            "/",
            "//",
            "/api",
            "{flagKey}",
            "x".repeat(129),
            "x".repeat(10_000),
            "Bearer ",
            "Bearer admin",
            "https://a.example",
            "????",
            "=".repeat(7));

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final EdgeWorld world = new EdgeWorld();

    @Test
    void everyEventGetsAnAnswerAndNeverADefect() {
        System.out.println("HostileEventsTest seed " + seed);
        world.corsOrigins = List.of("https://a.example");
        world.endpoint = HostileEventsTest::readEverything;
        for (int i = 0; i < EVENTS; i++) {
            byte[] event = event();
            long start = System.nanoTime();
            String told = "seed " + seed + ", event " + i + ": " + new String(event, StandardCharsets.UTF_8);
            try {
                check(world.stream(event));
            } catch (Exception | AssertionError e) {
                throw new AssertionError(told, e);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).as(told).isLessThan(ONE_MAX);
        }
        assertThat(world.seen).as("events that reached an endpoint").hasSizeGreaterThan(EVENTS / 20);
        assertThat(world.log.lines()).isEmpty();
        assertThat(world.metrics.requests()).isEqualTo(EVENTS);
    }

    /** An endpoint that looks at all that the edge lets through. */
    private static Response readEverything(Request request) {
        request.position();
        if (request.pathParameters().containsKey("flagKey")) {
            request.flagKey();
        }
        ETags.ifMatch(request);
        ETags.ifNoneMatch(request);
        return Response.json(200, "{}").with("ETag", ETags.format(42));
    }

    private static void check(EdgeWorld.Written written) {
        assertThat(written.status()).isIn(200, 204, 400, 401, 403, 404, 405, 413);
        if (written.status() >= 400) {
            assertThat(Problems.of(written).kind()).isNotEqualTo("defect");
        }
        assertThat(written.headers().values())
                .allSatisfy(value -> assertThat(value).matches("[ -~]*"));
    }

    private byte[] event() {
        Map<String, Object> tree = ORDINARY.get(random.nextInt(ORDINARY.size())).tree();
        int changes = random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            mutate(tree);
        }
        byte[] json = Json.write(tree).getBytes(StandardCharsets.UTF_8);
        return random.nextInt(4) == 0 ? damage(json) : json;
    }

    /** Changes one member somewhere: another value, another type, gone, renamed, repeated in upper case. */
    @SuppressWarnings("unchecked")
    private void mutate(Map<String, Object> tree) {
        Map<String, Object> at = tree;
        while (true) {
            if (at.isEmpty()) {
                at.put(nasty(), nasty());
                return;
            }
            String name = new ArrayList<>(at.keySet()).get(random.nextInt(at.size()));
            Object value = at.get(name);
            if (value instanceof Map<?, ?> map && random.nextInt(8) != 0) {
                at = (Map<String, Object>) map;
                continue;
            }
            change(at, name, value);
            return;
        }
    }

    private void change(Map<String, Object> at, String name, @Nullable Object value) {
        switch (random.nextInt(7)) {
            case 0 -> at.remove(name);
            case 1 -> at.put(name, otherType());
            case 2 -> at.put(name, nasty());
            case 3 -> at.put(name, splice(String.valueOf(value), nasty()));
            case 4 -> at.put(nasty(), value == null ? "" : value);
            case 5 -> at.put(name.toUpperCase(Locale.ROOT), nasty());
            default ->
                at.put(
                        List.of("if-match", "burgee-position", "x-api-key", "rawPath", "body")
                                .get(random.nextInt(5)),
                        nasty());
        }
    }

    private Object otherType() {
        Object nested = List.of();
        int depth = random.nextInt(150);
        for (int i = 0; i < depth; i++) {
            nested = random.nextBoolean() ? List.of(nested) : new LinkedHashMap<>(Map.of("a", nested));
        }
        return switch (random.nextInt(4)) {
            case 0 -> random.nextBoolean();
            case 1 -> random.nextLong();
            case 2 -> random.nextDouble();
            default -> nested;
        };
    }

    private String nasty() {
        return NASTY.get(random.nextInt(NASTY.size()));
    }

    private String splice(String text, String piece) {
        int at = random.nextInt(text.length() + 1);
        return text.substring(0, at) + piece + text.substring(at);
    }

    /** Bytes flipped, cut off, doubled: mostly no JSON any more. */
    private byte[] damage(byte[] json) {
        byte[] damaged = json.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        return switch (random.nextInt(3)) {
            case 0 -> Arrays.copyOf(damaged, random.nextInt(damaged.length));
            case 1 -> Arrays.copyOf(damaged, damaged.length + random.nextInt(10));
            default -> damaged;
        };
    }
}
