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

/** Calls each function of each region once, without changing anything, so that the first caller meets no cold start. */
final class WarmUp {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final List<String> PATHS = List.of("/api/config/flags", "/api/admin/export");

    private final List<URI> regions;

    WarmUp(List<URI> regions) {
        this.regions = regions;
    }

    /** Whatever the answers are: a function that cannot answer will say so to its callers. */
    void run() {
        try (HttpClient client = HttpClient.newHttpClient();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Void>> calls = new ArrayList<>();
            for (URI region : regions) {
                for (String path : PATHS) {
                    calls.add(CompletableFuture.runAsync(() -> call(client, region.resolve(path)), threads));
                }
            }
            calls.forEach(CompletableFuture::join);
        }
    }

    private static void call(HttpClient client, URI uri) {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + DevKey.ADMIN.text())
                .build();
        try {
            client.send(request, HttpResponse.BodyHandlers.discarding());
        } catch (IOException e) {
            // see run
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
