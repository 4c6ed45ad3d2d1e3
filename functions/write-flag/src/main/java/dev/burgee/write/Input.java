package dev.burgee.write;

import dev.burgee.failure.InvalidRequestException;
import dev.burgee.http.ETags;
import dev.burgee.http.Request;
import dev.burgee.json.Json;
import dev.burgee.json.MalformedJsonException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the write routes read from a request; every refusal names the place, the value and the rule. */
final class Input {
    private static final int IDEMPOTENCY_KEY_MAX = 128;
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private Input() {}

    /** The body as a JSON value. */
    static @Nullable Object body(Request request) {
        String body = request.body();
        if (body == null) {
            throw new InvalidRequestException("body", "is missing, but this route needs a JSON document");
        }
        try {
            return Json.parse(body);
        } catch (MalformedJsonException e) {
            throw new InvalidRequestException("body", e.problem());
        }
    }

    /** The body as a JSON object. */
    @SuppressWarnings("unchecked") // the JSON reader makes no other keys
    static Map<String, @Nullable Object> object(Request request) {
        if (body(request) instanceof Map<?, ?> object) {
            return (Map<String, @Nullable Object>) object;
        }
        throw new InvalidRequestException("body", "must be a JSON object");
    }

    static Precondition precondition(Request request) {
        Optional<ETags> ifNoneMatch = ETags.ifNoneMatch(request);
        Optional<ETags> ifMatch = ETags.ifMatch(request);
        if (ifNoneMatch.isPresent()) {
            if (!ifNoneMatch.get().any()) {
                throw new InvalidRequestException("If-None-Match", "must be * on a write, which means: create only");
            }
            if (ifMatch.isPresent()) {
                throw new InvalidRequestException("If-None-Match", "cannot be combined with If-Match");
            }
            return new Precondition.Absent();
        }
        if (ifMatch.isEmpty()) {
            return Precondition.NONE;
        }
        return ifMatch.get().any()
                ? new Precondition.Present()
                : new Precondition.Versions(ifMatch.get().tags().stream()
                        .filter(tag -> !tag.weak())
                        .map(ETags.Tag::opaque)
                        .collect(Collectors.toSet()));
    }

    /** Refuses conditions where they would have no meaning, instead of letting a caller believe in them. */
    static void noPrecondition(Request request) {
        for (String header : List.of("If-Match", "If-None-Match")) {
            if (request.header(header).isPresent()) {
                throw new InvalidRequestException(
                        header, "is not possible on an import: it changes many flags, each with a version of its own");
            }
        }
    }

    static WriteRequest write(Request request, Command command) {
        String key = request.header(IDEMPOTENCY_KEY).orElse(null);
        if (key != null
                && (key.isEmpty()
                        || key.length() > IDEMPOTENCY_KEY_MAX
                        || !key.chars().allMatch(c -> c > ' ' && c < 0x7f))) {
            throw new InvalidRequestException(
                    IDEMPOTENCY_KEY,
                    "has " + key.length() + " characters, but must have 1 to " + IDEMPOTENCY_KEY_MAX
                            + " visible ASCII characters");
        }
        String fingerprint = Fingerprint.of(List.of(
                request.method(),
                request.path(),
                request.query("mode").orElse(""),
                request.header("If-Match").orElse(""),
                request.header("If-None-Match").orElse(""),
                Optional.ofNullable(request.body()).orElse("")));
        return new WriteRequest(
                command, precondition(request), request.principal().name(), key, fingerprint);
    }

    /** A query parameter that is a whole number; the fallback when it is left out. */
    static long number(Request request, String name, long min, long max, long fallback) {
        String text = request.query(name).orElse(null);
        if (text == null) {
            return fallback;
        }
        if (text.length() <= 18 && !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            long value = Long.parseLong(text);
            if (value >= min && value <= max) {
                return value;
            }
        }
        throw request.badQuery(name, "must be a whole number from " + min + " to " + max);
    }

    /** A query parameter that is one of a few words. */
    static String word(Request request, String name, List<String> words, String fallback) {
        String text = request.query(name).orElse(fallback);
        if (!words.contains(text)) {
            throw request.badQuery(name, "must be " + String.join(" or ", words));
        }
        return text;
    }
}
