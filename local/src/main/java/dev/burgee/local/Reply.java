package dev.burgee.local;

import dev.burgee.json.Json;
import java.time.Duration;
import java.util.Map;

/**
 * What a caller got over HTTP, and when, by the monotonic clock. Immutable.
 *
 * @param headers by lower-case name
 */
public record Reply(int status, Map<String, String> headers, String body, long startNanos, long endNanos) {
    /** 200 or 201. */
    public boolean isAccepted() {
        return status == 200 || status == 201;
    }

    /** Empty without it. */
    public String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** {@code Burgee-Position}; -1 without one. */
    public long position() {
        String position = header("burgee-position");
        return position.isEmpty() ? -1 : Long.parseLong(position);
    }

    /** {@code Burgee-Source}; empty without one. */
    public String source() {
        return header("burgee-source");
    }

    /** From the call to the answer. */
    public double millis() {
        return Duration.ofNanos(endNanos - startNanos).toNanos() / 1e6;
    }

    /** The body; empty when it is no object. */
    public Map<?, ?> json() {
        return Json.parse(body) instanceof Map<?, ?> object ? object : Map.of();
    }

    /** The flag of a read, or that of an accepted write. */
    public Map<?, ?> flag() {
        Map<?, ?> answer = json();
        return answer.get("flag") instanceof Map<?, ?> written ? written : answer;
    }

    /** The flag's version; -1 without one. */
    public long version() {
        return flag().get("version") instanceof Number version ? version.longValue() : -1;
    }

    /** One member of the flag's metadata; empty without one. */
    public String metadata(String name) {
        Object value = flag().get("metadata") instanceof Map<?, ?> metadata ? metadata.get(name) : null;
        return value == null ? "" : value.toString();
    }
}
