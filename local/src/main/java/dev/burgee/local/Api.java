package dev.burgee.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;

/** The API at one address, as a caller with the admin key has it; also for {@code scripts/drill}. Thread-safe. */
public final class Api {
    /** Longer than API Gateway's own limit. */
    private static final Duration LIMIT = Duration.ofSeconds(35);

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    private final URI base;
    private final Duration limit;

    /** Waits longer than API Gateway would. */
    public Api(URI base) {
        this(base, LIMIT);
    }

    /**
     * Another limit for each call.
     *
     * @param limit what takes longer ends as an {@link UncheckedIOException}
     */
    public Api(URI base, Duration limit) {
        this.base = base;
        this.limit = limit;
    }

    /** A flag document whose metadata names what wrote it. */
    public static String document(String operation) {
        return "{\"state\":\"ENABLED\",\"variants\":{\"on\":true,\"off\":false},\"defaultVariant\":\"off\",\"metadata\":{\"op\":\""
                + operation + "\"}}";
    }

    /** A merge patch that sets one member of the metadata. */
    public static String patch(String member, String value) {
        return "{\"metadata\":{\"" + member + "\":\"" + value + "\"}}";
    }

    /** One flag. */
    public Reply read(String key, String... headers) {
        return send("GET", "/api/config/flags/" + key, "", headers);
    }

    /** Reads with the position of an earlier answer. */
    Reply readAt(String key, long position) {
        return read(key, "Burgee-Position", Long.toString(position));
    }

    Reply list(String... headers) {
        return send("GET", "/api/config/flags", "", headers);
    }

    /** Creates or replaces a flag. */
    public Reply put(String key, String body, String... headers) {
        return send("PUT", "/api/admin/flags/" + key, body, headers);
    }

    /** Merges into a flag. */
    public Reply patchFlag(String key, String body, String... headers) {
        return send("PATCH", "/api/admin/flags/" + key, body, headers);
    }

    Reply delete(String key, String... headers) {
        return send("DELETE", "/api/admin/flags/" + key, "", headers);
    }

    Reply invalidate(String key, String... headers) {
        return send("POST", "/api/admin/flags/" + key + "/invalidate", "", headers);
    }

    /** Pages of it by query: {@code ?limit=N&before=VERSION}. */
    public Reply history(String key, String query) {
        return send("GET", "/api/admin/flags/" + key + "/history" + query, "");
    }

    /**
     * Any call.
     *
     * @param headers name, value, name, value …
     * @throws UncheckedIOException when there is no answer
     */
    public Reply send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(limit)
                .header("Authorization", "Bearer " + DevKey.ADMIN.text())
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        long start = System.nanoTime();
        try {
            HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            long end = System.nanoTime();
            Map<String, String> byName = new TreeMap<>();
            response.headers().map().forEach((name, values) -> byName.put(name, values.getFirst()));
            return new Reply(response.statusCode(), byName, response.body(), start, end);
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
