package dev.burgee.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.region.Region;
import dev.burgee.servers.AwsEndpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

class SecretsManagerSourceIT extends SecretSourceContract {
    private static final Region REGION = new Region("eu-west-1");
    private static URI endpoint = URI.create("http://unset");
    private static SecretsManagerSource source = source("http://unset");
    private static SecretsManagerClient admin = client();

    @BeforeAll
    static void connect() {
        endpoint = AwsEndpoint.get();
        source = source(endpoint.toString());
        admin = client();
    }

    @AfterAll
    static void close() {
        admin.close();
    }

    @Override
    SecretSource source() {
        return source;
    }

    @Override
    void put(String id, String text) {
        try {
            admin.putSecretValue(request -> request.secretId(id).secretString(text));
        } catch (ResourceNotFoundException _) {
            admin.createSecret(request -> request.name(id).secretString(text));
        }
    }

    @Test
    void namesTheErrorCodeOfAMissingSecret() {
        assertThatThrownBy(() -> source.fetch("burgee/none"))
                .hasMessage("secret burgee/none: Secrets Manager in eu-west-1 says ResourceNotFoundException");
    }

    @Test
    void refusesABinarySecret() {
        admin.createSecret(request -> request.name("burgee/binary").secretBinary(SdkBytes.fromUtf8String("x")));

        assertThatThrownBy(() -> source.fetch("burgee/binary"))
                .isInstanceOf(SecretUnavailableException.class)
                .hasMessage("secret burgee/binary is binary, but must be text");
    }

    @Test
    void theEndpointOfTheServiceComesBeforeTheGeneralOne() {
        put("burgee/endpoints", "here");
        var own = new SecretsManagerSource(
                REGION,
                Duration.ofSeconds(2),
                Map.of(
                        "AWS_ENDPOINT_URL_SECRETS_MANAGER",
                        endpoint.toString(),
                        "AWS_ENDPOINT_URL",
                        "http://127.0.0.1:1"));

        assertThat(own.fetch("burgee/endpoints")).isEqualTo("here");
    }

    @Test
    void aServerThatNeverAnswersIsGivenUpWithinTheLimit() throws IOException {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var hung = new SecretsManagerSource(
                    REGION,
                    Duration.ofMillis(400),
                    Map.of("AWS_ENDPOINT_URL", "http://127.0.0.1:" + silent.getLocalPort()));
            long start = System.nanoTime();

            assertThatThrownBy(() -> hung.fetch("burgee/any"))
                    .isInstanceOf(SecretUnavailableException.class)
                    .hasMessageContaining("did not answer within 400 ms");
            // making what signs is part of it, on a busy machine too
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        }
    }

    private static SecretsManagerSource source(String url) {
        return new SecretsManagerSource(REGION, Duration.ofSeconds(10), Map.of("AWS_ENDPOINT_URL", url));
    }

    private static SecretsManagerClient client() {
        return SecretsManagerClient.builder()
                .region(software.amazon.awssdk.regions.Region.of(REGION.code()))
                .endpointOverride(endpoint)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("burgee", "burgee")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }
}
