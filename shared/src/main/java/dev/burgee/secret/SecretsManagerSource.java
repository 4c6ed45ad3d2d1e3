package dev.burgee.secret;

import dev.burgee.aws.SignedPost;
import dev.burgee.json.Json;
import dev.burgee.json.MalformedJsonException;
import dev.burgee.region.Region;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Secrets of AWS Secrets Manager. What calls it is made by the first fetch, so that no credentials get into a snapshot; a
 * call leaves no connection behind. What failed for a moment is tried once more. Thread-safe.
 */
public final class SecretsManagerSource implements SecretSource {
    private static final SignedPost.Api API = new SignedPost.Api("secretsmanager", "SECRETS_MANAGER");
    private static final String TARGET = "secretsmanager.GetSecretValue";
    private static final int ATTEMPTS = 2;
    private static final int SERVER_FAULT = 500;

    /** Codes of status 400 that another attempt may not meet. */
    private static final Set<String> MOMENTARY =
            Set.of("ThrottlingException", "RequestTimeTooSkewed", "ExpiredTokenException", "TooManyRequestsException");

    private final Region region;
    private final Duration limit;
    private final Map<String, String> environment;

    // guarded by this
    private @Nullable SignedPost calls;

    /**
     * @param limit on one fetch, retry included
     * @param environment may name another endpoint: {@code AWS_ENDPOINT_URL_SECRETS_MANAGER} or {@code AWS_ENDPOINT_URL}
     */
    public SecretsManagerSource(Region region, Duration limit, Map<String, String> environment) {
        this.region = region;
        this.limit = limit;
        this.environment = Map.copyOf(environment);
    }

    @Override
    public String fetch(String id) {
        SignedPost.Reply reply = answer(id);
        if (reply.status() != 200) {
            throw new SecretUnavailableException(
                    "secret " + id + ": Secrets Manager in " + region + " says " + code(reply), null);
        }
        Map<?, ?> secret = members(reply.body());
        if (secret.get("SecretString") instanceof String text) {
            return text;
        }
        throw new SecretUnavailableException(
                secret.containsKey("SecretBinary")
                        ? "secret " + id + " is binary, but must be text"
                        : "secret " + id + ": Secrets Manager in " + region + " answered with something else",
                null);
    }

    private SignedPost.Reply answer(String id) {
        String request = Json.write(Map.of("SecretId", id));
        Exception failure = null;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                SignedPost.Reply reply = calls().send(TARGET, request);
                if (attempt == ATTEMPTS || !isMomentary(reply)) {
                    return reply;
                }
            } catch (IOException | SdkException e) {
                failure = e;
            }
        }
        throw new SecretUnavailableException(
                "secret " + id + ": Secrets Manager in " + region + " did not answer within " + limit.toMillis()
                        + " ms, or could not be asked ("
                        + (failure == null ? "" : failure.getClass().getSimpleName()) + ")",
                failure);
    }

    private static boolean isMomentary(SignedPost.Reply reply) {
        return reply.status() >= SERVER_FAULT || MOMENTARY.contains(code(reply));
    }

    /** The error's name, wherever the service put it; else the status. */
    private static String code(SignedPost.Reply reply) {
        Object type = members(reply.body()).get("__type");
        String full = type instanceof String text ? text : reply.errorType();
        String code = full.substring(full.indexOf('#') + 1);
        int colon = code.indexOf(':');
        code = colon < 0 ? code : code.substring(0, colon);
        return code.isBlank() ? String.valueOf(reply.status()) : code;
    }

    private static Map<?, ?> members(String body) {
        try {
            return Json.parse(body) instanceof Map<?, ?> members ? members : Map.of();
        } catch (MalformedJsonException _) {
            // its text may quote the secret
            return Map.of();
        }
    }

    private synchronized SignedPost calls() {
        if (calls == null) {
            calls = new SignedPost(API, region, limit.dividedBy(ATTEMPTS), environment);
        }
        return calls;
    }
}
