package dev.burgee.secret;

import dev.burgee.aws.AwsClients;
import dev.burgee.region.Region;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * Secrets of AWS Secrets Manager. The client is built by the first fetch, so that no socket and no credentials get into a
 * snapshot. Thread-safe.
 */
public final class SecretsManagerSource implements SecretSource, AutoCloseable {
    private final Region region;
    private final Duration limit;
    private final Map<String, String> environment;

    // guarded by this
    private @Nullable SecretsManagerClient client;

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
        try {
            String text =
                    client().getSecretValue(request -> request.secretId(id)).secretString();
            if (text == null) {
                throw new SecretUnavailableException("secret " + id + " is binary, but must be text", null);
            }
            return text;
        } catch (AwsServiceException e) {
            String code = e.awsErrorDetails() == null
                    ? String.valueOf(e.statusCode())
                    : e.awsErrorDetails().errorCode();
            throw new SecretUnavailableException(
                    "secret " + id + ": Secrets Manager in " + region + " says " + code, e);
        } catch (SdkException e) {
            throw new SecretUnavailableException(
                    "secret " + id + ": Secrets Manager in " + region + " did not answer within " + limit.toMillis()
                            + " ms, or could not be asked ("
                            + e.getClass().getSimpleName() + ")",
                    e);
        }
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
            client = null;
        }
    }

    private synchronized SecretsManagerClient client() {
        if (client == null) {
            client = AwsClients.build(SecretsManagerClient.builder(), region, limit, environment, "SECRETS_MANAGER");
        }
        return client;
    }
}
