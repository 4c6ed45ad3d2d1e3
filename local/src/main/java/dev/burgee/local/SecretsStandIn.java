package dev.burgee.local;

import com.sun.net.httpserver.HttpExchange;
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

/** Stands in for one region's Secrets Manager: GetSecretValue on the wire, and nothing else. Thread-safe. */
public final class SecretsStandIn implements AutoCloseable {
    private static final String TARGET = "secretsmanager.GetSecretValue";
    private static final int REQUEST_BYTES_MAX = 64 * 1024;

    private final Region region;
    private final Map<String, Secret> secrets = new ConcurrentHashMap<>();
    private volatile boolean down;
    private final LoopbackServer server;

    private SecretsStandIn(Region region) {
        this.region = region;
        this.server = LoopbackServer.start(0, this::handle);
    }

    /** Serves at a free port of the loopback, without any secret. */
    public static SecretsStandIn start(Region region) {
        return new SecretsStandIn(region);
    }

    public URI endpoint() {
        return server.uri();
    }

    /** Creates the secret or gives it a new version. */
    public void put(String id, String text) {
        secrets.put(id, new Secret(text, UUID.randomUUID().toString()));
    }

    /** Whether connections end without an answer. */
    void down(boolean isDown) {
        down = isDown;
    }

    @Override
    public void close() {
        server.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] request = exchange.getRequestBody().readNBytes(REQUEST_BYTES_MAX);
            if (down) {
                return;
            }
            if (!TARGET.equals(exchange.getRequestHeaders().getFirst("X-Amz-Target"))) {
                AwsReply.jsonError(400, "UnknownOperationException", "Only GetSecretValue is spoken here.")
                        .send(exchange);
                return;
            }
            String id = secretId(new String(request, StandardCharsets.UTF_8));
            Secret secret = secrets.get(id);
            if (secret == null) {
                AwsReply.jsonError(400, "ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
                        .send(exchange);
                return;
            }
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("ARN", "arn:aws:secretsmanager:" + region + ":000000000000:secret:" + id);
            answer.put("Name", id);
            answer.put("VersionId", secret.version);
            answer.put("SecretString", secret.text);
            answer.put("VersionStages", List.of("AWSCURRENT"));
            AwsReply.json(answer).send(exchange);
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

    private static final class Secret {
        private final String text;
        private final String version;

        private Secret(String text, String version) {
            this.text = text;
            this.version = version;
        }
    }
}
