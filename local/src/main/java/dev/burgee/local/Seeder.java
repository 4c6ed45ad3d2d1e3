package dev.burgee.local;

import dev.burgee.json.Json;
import dev.burgee.json.MalformedJsonException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Puts flags into a world by the import route, in parts, as anybody else would have to. */
final class Seeder {
    /** What one part holds at most. */
    static final int PART_MAX = 1_000;

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int TOO_LARGE = 413;

    private final URI region;
    private final Consumer<String> progress;

    Seeder(URI region, Consumer<String> progress) {
        this.region = region;
        this.progress = progress;
    }

    /**
     * Imports the flags, or all that come before a part that is refused.
     *
     * @throws SeedException when they cannot be read, or a part is refused
     */
    void sow(Seed seed) {
        switch (seed) {
            case Seed.Nothing _ -> {}
            case Seed.MadeUp(int count) -> importAll(MadeUpFlags.of(count));
            case Seed.File(Path path) -> importAll(flagsOf(path));
        }
    }

    private void importAll(Map<?, ?> flags) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            int done = 0;
            Map<Object, Object> part = new LinkedHashMap<>();
            for (Map.Entry<?, ?> flag : flags.entrySet()) {
                part.put(flag.getKey(), flag.getValue());
                if (part.size() == PART_MAX || done + part.size() == flags.size()) {
                    importPart(client, part);
                    done += part.size();
                    part.clear();
                    progress.accept("imported " + done + " of " + flags.size() + " flags");
                }
            }
        }
    }

    private void importPart(HttpClient client, Map<Object, Object> part) {
        HttpResponse<String> answer = post(client, Json.write(Map.of("flags", part)));
        if (answer.statusCode() == TOO_LARGE && part.size() > 1) {
            Map<Object, Object> first = new LinkedHashMap<>();
            Map<Object, Object> second = new LinkedHashMap<>();
            part.forEach((key, flag) -> (first.size() < part.size() / 2 ? first : second).put(key, flag));
            importPart(client, first);
            importPart(client, second);
        } else if (answer.statusCode() / 100 != 2) {
            throw new SeedException(
                    "the import of " + part.size() + " flags was answered " + answer.statusCode() + ": "
                            + answer.body(),
                    null);
        }
    }

    private HttpResponse<String> post(HttpClient client, String body) {
        HttpRequest request = HttpRequest.newBuilder(region.resolve("/api/admin/import?mode=merge"))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + DevKey.ADMIN.text())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new SeedException("the import got no answer from " + region, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SeedException("the import was interrupted", e);
        }
    }

    private static Map<?, ?> flagsOf(Path path) {
        try {
            if (Json.parse(Files.readString(path)) instanceof Map<?, ?> file
                    && file.get("flags") instanceof Map<?, ?> flags) {
                List<String> others = file.keySet().stream()
                        .map(String::valueOf)
                        .filter(name -> !name.equals("flags") && !name.equals("$schema"))
                        .toList();
                if (!others.isEmpty()) {
                    throw new SeedException(path + " has members that are not imported: " + others, null);
                }
                return flags;
            }
            throw new SeedException(path + " is no flagd file: it must be {\"flags\":{…}}", null);
        } catch (MalformedJsonException e) {
            throw new SeedException(path + " " + e.getMessage(), e);
        } catch (IOException e) {
            throw new SeedException(path + " cannot be read", e);
        }
    }
}
