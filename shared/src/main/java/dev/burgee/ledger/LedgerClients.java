package dev.burgee.ledger;

import dev.burgee.aws.Credentials;
import dev.burgee.region.Region;
import dev.burgee.settings.Limits;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.endpoints.AccountIdEndpointMode;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/** Makes the client of one region of the ledger. Called at most once per region, and not before its first call. */
@FunctionalInterface
public interface LedgerClients {
    /**
     * Opens a client; touches no network.
     *
     * @param endpoint an endpoint of its own, or empty for the region's usual one; calls are signed for the region either way
     */
    DynamoDbClient open(Region region, Optional<URI> endpoint);

    /** Those that ship, with credentials from where the SDK looks for them. */
    static LedgerClients overUrlConnection(Limits limits) {
        return overUrlConnection(limits, Credentials.provider(Map.of()));
    }

    /** The clients that ship: connections of the JDK, no retries. */
    static LedgerClients overUrlConnection(Limits limits, AwsCredentialsProvider credentials) {
        return (region, endpoint) -> {
            DynamoDbClientBuilder builder = DynamoDbClient.builder()
                    .region(software.amazon.awssdk.regions.Region.of(region.code()))
                    .credentialsProvider(credentials)
                    // the usual host name, which VPC endpoints serve, and not one that starts with the account's number
                    .accountIdEndpointMode(AccountIdEndpointMode.DISABLED)
                    .endpointDiscoveryEnabled(false)
                    .httpClientBuilder(UrlConnectionHttpClient.builder()
                            // shorter than a call's limit: a connection that never was is a clean failure of an append
                            .connectionTimeout(limits.crossConnect())
                            .socketTimeout(limits.ledgerCall()))
                    // retries are ours: the SDK's would turn our own entry into a failed condition
                    .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry())
                            .apiCallTimeout(limits.ledgerCall())
                            .apiCallAttemptTimeout(limits.ledgerCall()));
            endpoint.ifPresent(builder::endpointOverride);
            return builder.build();
        };
    }
}
