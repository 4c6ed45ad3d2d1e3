package dev.burgee.http;

import dev.burgee.failure.BurgeeException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An answer: status, headers in the order of writing, and perhaps a body. Immutable. */
public final class Response {
    private final int status;
    private final Map<String, String> headers;
    private final @Nullable String body;
    private final @Nullable PreparedBody prepared;

    /** The headers are checked, and nobody else's. */
    private Response(int status, Map<String, String> headers, @Nullable String body, @Nullable PreparedBody prepared) {
        this.status = status;
        this.headers = Collections.unmodifiableMap(headers);
        this.body = body;
        this.prepared = prepared;
    }

    /** An answer with a JSON body. */
    public static Response json(int status, String body) {
        return new Response(status, Map.of("Content-Type", "application/json"), body, null);
    }

    /** An answer with a JSON body that other answers have too. */
    public static Response json(int status, PreparedBody body) {
        return new Response(status, Map.of("Content-Type", "application/json"), body.text(), body);
    }

    /** A failure as callers see it, for endpoints that add headers to it. */
    public static Response problem(BurgeeException failure) {
        return Problem.of(failure).toResponse();
    }

    /** An answer without a body, for example 304 or 204. */
    public static Response empty(int status) {
        return new Response(status, Map.of(), null, null);
    }

    public int status() {
        return status;
    }

    /** Values are visible ASCII and spaces, so that none can start a new header. */
    public Map<String, String> headers() {
        return headers;
    }

    /** Null for none. */
    public @Nullable String body() {
        return body;
    }

    /**
     * The same with more headers, each in place of the one of that name.
     *
     * @param more names and values by turns
     * @throws IllegalArgumentException when a name or a value could not be sent as it is
     */
    public Response with(String header, String value, String... more) {
        Map<String, String> all = LinkedHashMap.newLinkedHashMap(headers.size() + 1 + more.length / 2);
        all.putAll(headers);
        checkHeader(header, value);
        all.put(header, value);
        for (int i = 0; i < more.length; i += 2) {
            checkHeader(more[i], more[i + 1]);
            all.put(more[i], more[i + 1]);
        }
        return new Response(status, all, body, prepared);
    }

    /** The body as it was prepared; null when it was not. */
    @Nullable
    PreparedBody prepared() {
        return prepared;
    }

    /** Whether Lambda takes an answer of this size. */
    boolean fits() {
        if (prepared != null) {
            return prepared.escaped().length <= AnswerSize.MAX_BYTES;
        }
        return body == null || AnswerSize.fits(body);
    }

    @Override
    public String toString() {
        return status + " " + headers;
    }

    private static void checkHeader(String name, String value) {
        boolean named = !name.isEmpty();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            named &= c > ' ' && c < 0x7f && c != ':';
        }
        if (!named) {
            throw new IllegalArgumentException("header name has " + name.length() + " characters that may not be sent");
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c >= 0x7f) {
                // the value itself may be hostile: it is not repeated here
                throw new IllegalArgumentException("header " + name + " has characters beyond printable ASCII");
            }
        }
    }
}
