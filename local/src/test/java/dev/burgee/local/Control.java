package dev.burgee.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.json.Json;
import dev.burgee.region.Region;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A caller of a world's control API. Thread-safe. */
final class Control implements AutoCloseable {
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI uri;

    Control(World world) {
        this.uri = world.control();
    }

    /** A call that must be answered 200; answers the body. */
    String post(String path) {
        return post(path, "");
    }

    String post(String path, String body) {
        HttpResponse<String> response = call("POST", path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    void healAll() {
        assertThat(call("DELETE", "/faults").statusCode()).isEqualTo(200);
    }

    HttpResponse<String> call(String method, String path) {
        return call(method, path, "");
    }

    HttpResponse<String> call(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(uri + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(path, e);
        }
    }

    Map<?, ?> status() {
        return object(Json.parse(call("GET", "/status").body()));
    }

    Map<?, ?> status(Region region) {
        return list(status().get("regions")).stream()
                .map(Control::object)
                .filter(one -> region.code().equals(one.get("name")))
                .findFirst()
                .orElseThrow();
    }

    String role(Region region) {
        return String.valueOf(status(region).get("role"));
    }

    /** The lines of {@code /events}, {@code /logs} or {@code /metrics}. */
    List<Map<?, ?>> lines(String path) {
        return call("GET", path)
                .body()
                .lines()
                .<Map<?, ?>>map(line -> object(Json.parse(line)))
                .toList();
    }

    @Override
    public void close() {
        client.close();
    }

    static Map<?, ?> object(@Nullable Object tree) {
        if (tree instanceof Map<?, ?> members) {
            return members;
        }
        throw new AssertionError("must be an object: " + tree);
    }

    static List<?> list(@Nullable Object tree) {
        if (tree instanceof List<?> items) {
            return items;
        }
        throw new AssertionError("must be a list: " + tree);
    }
}
