package dev.burgee.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.burgee.json.Json;
import dev.burgee.json.MalformedJsonException;
import dev.burgee.region.Region;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands in for one region's Secrets Manager: GetSecretValue on the wire, and nothing else. Thread-safe. */
final class SecretsStandIn implements AutoCloseable {
    private static final String TARGET = "secretsmanager.GetSecretValue";
    private static final int REQUEST_BYTES_MAX = 64 * 1024;

    private final Region region;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Secret> secrets = new ConcurrentHashMap<>();
    private volatile boolean down;

    private SecretsStandIn(Region region, HttpServer server) {
        this.region = region;
        this.server = server;
    }

    /** Serves at a free port of the loopback, without any secret. */
    static SecretsStandIn start(Region region) {
        HttpServer server = LoopbackHttp.bind(0);
        var standIn = new SecretsStandIn(region, server);
        server.createContext("/", standIn::handle);
        server.setExecutor(standIn.threads);
        server.start();
        return standIn;
    }

    URI endpoint() {
        return LoopbackHttp.uri(server);
    }

    /** Creates the secret or gives it a new version. */
    void put(String id, String text) {
        secrets.put(id, new Secret(text, UUID.randomUUID().toString()));
    }

    /** Whether connections end without an answer. */
    void down(boolean isDown) {
        down = isDown;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] request = exchange.getRequestBody().readNBytes(REQUEST_BYTES_MAX);
            if (down) {
                return;
            }
            if (!TARGET.equals(exchange.getRequestHeaders().getFirst("X-Amz-Target"))) {
                fail(exchange, "UnknownOperationException", "Only GetSecretValue is spoken here.");
                return;
            }
            String id = secretId(new String(request, StandardCharsets.UTF_8));
            Secret secret = secrets.get(id);
            if (secret == null) {
                fail(exchange, "ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
                return;
            }
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("ARN", "arn:aws:secretsmanager:" + region + ":000000000000:secret:" + id);
            answer.put("Name", id);
            answer.put("VersionId", secret.version);
            answer.put("SecretString", secret.text);
            answer.put("VersionStages", List.of("AWSCURRENT"));
            send(exchange, 200, answer);
        }
    }

    private static String secretId(String request) {
        try {
            return Json.parse(request) instanceof Map<?, ?> members && members.get("SecretId") instanceof String id
                    ? id
                    : "";
        } catch (MalformedJsonException e) {
            return "";
        }
    }

    private static void fail(HttpExchange exchange, String type, String message) throws IOException {
        exchange.getResponseHeaders().set("x-amzn-ErrorType", type);
        send(exchange, 400, Map.of("__type", type, "Message", message));
    }

    private static void send(HttpExchange exchange, int status, Map<String, Object> answer) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        LoopbackHttp.send(exchange, status, Json.write(answer).getBytes(StandardCharsets.UTF_8));
    }

    private static final class Secret {
        private final String text;
        private final String version;

        private Secret(String text, String version) {
            this.text = text;
            this.version = version;
        }
    }
}
