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

/** The API at one address, as a caller with the admin key has it. Thread-safe. */
final class Api {
    /** Longer than API Gateway's own limit. */
    private static final Duration LIMIT = Duration.ofSeconds(35);

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    private final URI base;

    Api(URI base) {
        this.base = base;
    }

    /** A flag document whose metadata names what wrote it. */
    static String document(String operation) {
        return "{\"state\":\"ENABLED\",\"variants\":{\"on\":true,\"off\":false},\"defaultVariant\":\"off\",\"metadata\":{\"op\":\""
                + operation + "\"}}";
    }

    /** A merge patch that sets one member of the metadata. */
    static String patch(String member, String value) {
        return "{\"metadata\":{\"" + member + "\":\"" + value + "\"}}";
    }

    Reply read(String key, String... headers) {
        return send("GET", "/api/config/flags/" + key, "", headers);
    }

    /** Reads with the position of an earlier answer. */
    Reply readAt(String key, long position) {
        return read(key, "Burgee-Position", Long.toString(position));
    }

    Reply list(String... headers) {
        return send("GET", "/api/config/flags", "", headers);
    }

    Reply put(String key, String body, String... headers) {
        return send("PUT", "/api/admin/flags/" + key, body, headers);
    }

    Reply patchFlag(String key, String body, String... headers) {
        return send("PATCH", "/api/admin/flags/" + key, body, headers);
    }

    Reply delete(String key, String... headers) {
        return send("DELETE", "/api/admin/flags/" + key, "", headers);
    }

    Reply invalidate(String key, String... headers) {
        return send("POST", "/api/admin/flags/" + key + "/invalidate", "", headers);
    }

    Reply history(String key, String query) {
        return send("GET", "/api/admin/flags/" + key + "/history" + query, "");
    }

    Reply send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(LIMIT)
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
