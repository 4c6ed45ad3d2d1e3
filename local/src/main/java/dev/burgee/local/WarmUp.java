package dev.burgee.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Calls each function of each region a few times, without changing anything, so that the first caller meets no cold code
 * and no connection that must be made across an ocean first.
 */
final class WarmUp {
    private static final Duration LIMIT = Duration.ofSeconds(6);
    /** In the first, connections from afar may take longer than a request may. */
    private static final int ROUNDS_MAX = 3;

    /** No round begins later than this: "ready" is not to wait for warmth on a slow machine. */
    private static final long BEGIN_MAX_NANOS = Duration.ofMillis(2_500).toNanos();

    private final List<URI> regions;

    WarmUp(List<URI> regions) {
        this.regions = regions;
    }

    /** Whatever the answers are: a function that cannot answer will say so to its callers. */
    void run() {
        long end = System.nanoTime() + BEGIN_MAX_NANOS;
        try (HttpClient client = HttpClient.newHttpClient();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Void>> regionsDone = new ArrayList<>();
            for (URI region : regions) {
                regionsDone.add(CompletableFuture.runAsync(() -> read(client, region, end), threads));
                regionsDone.add(CompletableFuture.runAsync(() -> write(client, region, end), threads));
            }
            regionsDone.forEach(CompletableFuture::join);
        }
    }

    private static void read(HttpClient client, URI region, long end) {
        for (int i = 0; i < ROUNDS_MAX && System.nanoTime() - end < 0; i++) {
            call(client, request(region, "/api/config/flags"));
            // no copy shows a position yet, so each tier is asked in turn, the home's cache included
            call(client, request(region, "/api/config/flags/warm-up").header("Burgee-Position", "1"));
        }
    }

    private static void write(HttpClient client, URI region, long end) {
        for (int i = 0; i < ROUNDS_MAX && System.nanoTime() - end < 0; i++) {
            call(client, request(region, "/api/admin/export"));
            // refused with 412 at the ledger's end, because there is no such flag
            call(
                    client,
                    request(region, "/api/admin/flags/warm-up")
                            .header("If-Match", "\"1\"")
                            .header("Content-Type", "application/json")
                            .PUT(HttpRequest.BodyPublishers.ofString(
                                    "{\"state\":\"ENABLED\",\"variants\":{\"on\":true},\"defaultVariant\":\"on\"}")));
        }
    }

    private static HttpRequest.Builder request(URI region, String path) {
        return HttpRequest.newBuilder(region.resolve(path))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + DevKey.ADMIN.text());
    }

    private static void call(HttpClient client, HttpRequest.Builder request) {
        try {
            client.send(request.build(), HttpResponse.BodyHandlers.discarding());
        } catch (IOException e) {
            // see run
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
