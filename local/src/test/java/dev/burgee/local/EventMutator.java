package dev.burgee.local;

import dev.burgee.json.Json;
import dev.burgee.json.MalformedJsonException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Makes bad events out of good ones; the same seed makes the same events. */
final class EventMutator {
    /** Written as a number that no tree could hold. */
    private static final String RAW = "@@";

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "*",
            "null",
            "0",
            "-1",
            "1",
            "true",
            "1e999",
            "99999999999999999999999",
            "%00",
            "%2e%2e%2f",
            "../..",
            "a\u0000b",
            "\r\nX-Injected: 1",
            "\ud800",
            "\udc00x",
            "\ud83d\ude00",
            "\u202e",
            "\ufeff",
            "\"",
            "\\",
            "'",
            "{}",
            "[",
            "<script>",
            "${jndi:ldap://x}",
            "#position",
            "f:new-checkout",
            "\"1\"",
            "W/\"1\"",
            "\"1\",\"2\",",
            "k".repeat(129),
            "é".repeat(200),
            "x".repeat(70_000),
            "{\"a\":".repeat(300));
    private static final List<String> NUMBERS = List.of(
            "0",
            "-0",
            "1",
            "-1",
            "2.0",
            "1.5",
            "1e5",
            "1E400",
            "-1e-400",
            "1e99999999999",
            "9223372036854775807",
            "9223372036854775808",
            "9".repeat(100),
            "9".repeat(2_000),
            "0.1e-2147483648",
            "1e2147483647");
    private static final List<String> HEADERS = List.of(
            "authorization",
            "x-api-key",
            "if-match",
            "if-none-match",
            "burgee-position",
            "idempotency-key",
            "origin",
            "content-type");
    private static final List<String> PARAMETERS = List.of("after", "limit", "before", "mode", "dryRun", "x");
    private static final List<String> METHODS =
            List.of("GET", "PUT", "PATCH", "DELETE", "POST", "OPTIONS", "HEAD", "TRACE", "get", "");
    private static final List<String> MEMBERS = List.of(
            "flags",
            "state",
            "variants",
            "defaultVariant",
            "targeting",
            "metadata",
            "key",
            "version",
            "to",
            "$schema",
            "on",
            "a/b~c",
            "");

    private final SplittableRandom random;

    EventMutator(long seed) {
        random = new SplittableRandom(seed);
    }

    /** One mutated event, as the bytes that a function would get. */
    byte[] mutate(String sample) {
        Map<String, @Nullable Object> event = copy(sample);
        // mostly one: what is wrong in three places does not come far
        int changes = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 1;
        for (int i = 0; i < changes; i++) {
            change(event);
        }
        byte[] json = ascii(event).getBytes(StandardCharsets.US_ASCII);
        return random.nextInt(12) == 0 ? damaged(json) : json;
    }

    private void change(Map<String, @Nullable Object> event) {
        switch (random.nextInt(12)) {
            case 0, 8 -> anywhere(event);
            case 1 -> member(event, "headers").put(one(HEADERS), hostile());
            case 2 -> member(event, "queryStringParameters").put(one(PARAMETERS), hostile());
            case 3 -> event.put("rawPath", path(String.valueOf(event.get("rawPath"))));
            case 4 -> member(member(event, "requestContext"), "http").put("method", one(METHODS));
            case 5 -> encode(event);
            default -> body(event);
        }
    }

    /** Something done to any node of the event. */
    private void anywhere(Map<String, @Nullable Object> tree) {
        List<Map<String, @Nullable Object>> objects = new ArrayList<>();
        collect(tree, objects);
        Map<String, @Nullable Object> object = objects.get(random.nextInt(objects.size()));
        if (object.isEmpty()) {
            object.put(one(MEMBERS), hostile());
            return;
        }
        String name = one(List.copyOf(object.keySet()));
        switch (random.nextInt(4)) {
            case 0 -> object.remove(name);
            case 1 -> object.put(one(MEMBERS), object.get(name));
            default -> object.put(name, hostile());
        }
    }

    @SuppressWarnings("unchecked") // trees of JSON have no other keys
    private static void collect(@Nullable Object node, List<Map<String, @Nullable Object>> objects) {
        if (node instanceof Map<?, ?> map) {
            objects.add((Map<String, @Nullable Object>) map);
            map.values().forEach(member -> collect(member, objects));
        } else if (node instanceof List<?> list) {
            list.forEach(item -> collect(item, objects));
        }
    }

    /** The body's own tree is changed, or its text, or it is replaced. */
    private void body(Map<String, @Nullable Object> event) {
        if (!(event.get("body") instanceof String text) || random.nextInt(8) == 0) {
            event.put("body", random.nextBoolean() ? hostile() : one(TEXTS));
            return;
        }
        switch (random.nextInt(3)) {
            case 0 ->
                event.put("body", new String(damaged(text.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8));
            default -> {
                if (parsed(text) instanceof Map<?, ?>) {
                    Map<String, @Nullable Object> tree = copy(text);
                    anywhere(tree);
                    event.put("body", ascii(tree));
                } else {
                    event.put("body", text + one(TEXTS));
                }
            }
        }
    }

    /** The body as base64: of itself, of rubbish, of gzip, of half. */
    private void encode(Map<String, @Nullable Object> event) {
        byte[] body = String.valueOf(event.get("body")).getBytes(StandardCharsets.UTF_8);
        byte[] bytes = switch (random.nextInt(4)) {
            case 0 -> body;
            case 1 -> damaged(body);
            case 2 -> gzip(body);
            default -> Arrays.copyOf(body, body.length / 2);
        };
        String text = Base64.getEncoder().encodeToString(bytes);
        event.put("body", random.nextInt(4) == 0 ? text + one(TEXTS) : text);
        event.put("isBase64Encoded", random.nextInt(8) != 0);
    }

    private static @Nullable Object parsed(String text) {
        try {
            return Json.parse(text);
        } catch (MalformedJsonException e) {
            return null;
        }
    }

    private String path(String path) {
        String[] segments = path.split("/", -1);
        if (random.nextInt(4) == 0 || segments.length == 0) {
            return path + "/" + one(TEXTS);
        }
        segments[random.nextInt(segments.length)] = one(TEXTS);
        return String.join("/", segments);
    }

    private @Nullable Object hostile() {
        return switch (random.nextInt(10)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2, 3 -> RAW + one(NUMBERS) + RAW;
            case 4 -> new ArrayList<@Nullable Object>(Arrays.asList(1, null, "x"));
            case 5 -> new LinkedHashMap<String, @Nullable Object>(Map.of("a", new LinkedHashMap<>(Map.of("b", 1))));
            case 6 -> deep(1 + random.nextInt(300));
            // of all texts the one that most writers choke on
            case 7 -> "\ud800";
            default -> one(TEXTS);
        };
    }

    private static Object deep(int levels) {
        Object tree = new LinkedHashMap<String, @Nullable Object>();
        for (int i = 1; i < levels; i++) {
            Map<String, @Nullable Object> outer = new LinkedHashMap<>();
            outer.put("a", tree);
            tree = outer;
        }
        return tree;
    }

    private byte[] damaged(byte[] bytes) {
        byte[] copy = bytes.clone();
        for (int i = random.nextInt(3); i >= 0 && copy.length > 0; i--) {
            int at = random.nextInt(copy.length);
            switch (random.nextInt(4)) {
                case 0 -> copy[at] = (byte) random.nextInt(256);
                case 1 -> copy = Arrays.copyOf(copy, at);
                case 2 -> {
                    byte[] more = new byte[copy.length + 1];
                    System.arraycopy(copy, 0, more, 0, at);
                    more[at] = (byte) random.nextInt(256);
                    System.arraycopy(copy, at, more, at + 1, copy.length - at);
                    copy = more;
                }
                default -> copy[at] ^= (byte) (1 << random.nextInt(8));
            }
        }
        return copy;
    }

    private static byte[] gzip(byte[] bytes) {
        var out = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private <T> T one(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    @SuppressWarnings("unchecked") // trees of JSON have no other keys
    private static Map<String, @Nullable Object> member(Map<String, @Nullable Object> tree, String name) {
        if (tree.get(name) instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        Map<String, @Nullable Object> fresh = new LinkedHashMap<>();
        tree.put(name, fresh);
        return fresh;
    }

    @SuppressWarnings("unchecked") // trees of JSON have no other keys
    private static Map<String, @Nullable Object> copy(String json) {
        return (Map<String, @Nullable Object>) ApiAnswer.object(Json.parse(json));
    }

    /** JSON whose strings are escaped beyond ASCII, so that half a surrogate pair survives; raw numbers stand as they are. */
    private static String ascii(Object tree) {
        StringBuilder text = new StringBuilder();
        Json.write(tree).replace("\"" + RAW, "").replace(RAW + "\"", "").chars().forEach(c -> {
            if (c < 0x7f) {
                text.append((char) c);
            } else {
                text.append(String.format("\\u%04x", c));
            }
        });
        return text.toString();
    }
}
