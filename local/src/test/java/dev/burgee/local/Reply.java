package dev.burgee.local;

import dev.burgee.json.Json;
import java.time.Duration;
import java.util.Map;

/**
 * What a caller got over HTTP, and when, by the monotonic clock. Immutable.
 *
 * @param headers by lower-case name
 */
record Reply(int status, Map<String, String> headers, String body, long startNanos, long endNanos) {
    boolean isAccepted() {
        return status == 200 || status == 201;
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** {@code Burgee-Position}; -1 without one. */
    long position() {
        String position = header("burgee-position");
        return position.isEmpty() ? -1 : Long.parseLong(position);
    }

    String source() {
        return header("burgee-source");
    }

    double millis() {
        return Duration.ofNanos(endNanos - startNanos).toNanos() / 1e6;
    }

    Map<?, ?> json() {
        return Json.parse(body) instanceof Map<?, ?> object ? object : Map.of();
    }

    /** The flag of a read, or that of an accepted write. */
    Map<?, ?> flag() {
        Map<?, ?> answer = json();
        return answer.get("flag") instanceof Map<?, ?> written ? written : answer;
    }

    /** The flag's version; -1 without one. */
    long version() {
        return flag().get("version") instanceof Number version ? version.longValue() : -1;
    }

    /** One member of the flag's metadata; empty without one. */
    String metadata(String name) {
        Object value = flag().get("metadata") instanceof Map<?, ?> metadata ? metadata.get(name) : null;
        return value == null ? "" : value.toString();
    }
}
