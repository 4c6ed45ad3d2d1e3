package dev.burgee.http;

import dev.burgee.failure.BurgeeException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer. Immutable.
 *
 * @param headers in the order of writing; values are visible ASCII and spaces, so that none can start a new header
 * @param body null for none
 */
public record Response(
        int status, Map<String, String> headers, @Nullable String body) {
    public Response {
        headers.forEach(Response::checkHeader);
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** An answer with a JSON body. */
    public static Response json(int status, String body) {
        return new Response(status, Map.of("Content-Type", "application/json"), body);
    }

    /** A failure as callers see it, for endpoints that add headers to it. */
    public static Response problem(BurgeeException failure) {
        return Problem.of(failure).toResponse();
    }

    /** An answer without a body, for example 304 or 204. */
    public static Response empty(int status) {
        return new Response(status, Map.of(), null);
    }

    /**
     * The same with one more header, in place of the one of that name.
     *
     * @throws IllegalArgumentException when name or value could not be sent as they are
     */
    public Response with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Response(status, more, body);
    }

    private static void checkHeader(String name, String value) {
        if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ':')) {
            throw new IllegalArgumentException("header name has " + name.length() + " characters that may not be sent");
        }
        if (!value.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            // the value itself may be hostile: it is not repeated here
            throw new IllegalArgumentException("header " + name + " has characters beyond printable ASCII");
        }
    }
}
