package dev.burgee.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.json.Json;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

final class SecretsStandInTest {
    private static final String DEV_READ_SHA256 = "ada850d1268585f28940211ce5f231e7b46f3e4ee80c888b8deced9ecb1a5fb1";

    private final SecretsStandIn standIn = SecretsStandIn.start(Geography.EU_WEST_1);
    private final SecretsManagerClient client = SecretsManagerClient.builder()
            .region(Region.EU_WEST_1)
            .endpointOverride(standIn.endpoint())
            .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("burgee", "burgee")))
            .httpClient(UrlConnectionHttpClient.create())
            .overrideConfiguration(options -> options.retryStrategy(retries -> retries.maxAttempts(1)))
            .build();

    @AfterEach
    void close() {
        client.close();
        standIn.close();
    }

    @Test
    void givesASecretAsItWasPutLast() {
        standIn.put("burgee/topology", "old");
        standIn.put("burgee/topology", "{\"é\":1}");

        GetSecretValueResponse secret = client.getSecretValue(request -> request.secretId("burgee/topology"));

        assertThat(secret.secretString()).isEqualTo("{\"é\":1}");
        assertThat(secret.name()).isEqualTo("burgee/topology");
        assertThat(secret.versionStages()).containsExactly("AWSCURRENT");
    }

    @Test
    void saysThatItDoesNotKnowASecret() {
        assertThatThrownBy(() -> client.getSecretValue(request -> request.secretId("burgee/other")))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void answersNobodyWhileItIsDown() {
        standIn.put("burgee/keys", "{}");
        standIn.down(true);

        assertThatThrownBy(() -> client.getSecretValue(request -> request.secretId("burgee/keys")))
                .isInstanceOf(SdkClientException.class);

        standIn.down(false);
        assertThat(client.getSecretValue(request -> request.secretId("burgee/keys"))
                        .secretString())
                .isEqualTo("{}");
    }

    @Test
    void keepsDevelopmentKeysByTheirHashesOnly() {
        assertThat(DevKey.secret())
                .contains("\"name\":\"dev-admin\"", "\"scope\":\"admin\"", "\"name\":\"dev-read\"")
                // printf dev-read | sha256sum
                .contains("\"sha256\":\"" + DEV_READ_SHA256 + "\"");
        assertThat(Json.parse(DevKey.secret())).isInstanceOf(Map.class);
    }
}
