package dev.burgee.aws;

import dev.burgee.region.Region;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/** The usual client of an AWS API: connections of the JDK, credentials from where the SDK looks, a limit on each call. */
public final class AwsClients {
    private AwsClients() {}

    /**
     * Prepares a builder; the client that it builds touches no network before its first call.
     *
     * @param region that calls go to and are signed for
     * @param limit on one call, the SDK's retries included; one attempt gets half of it
     * @param environment may name another endpoint: {@code AWS_ENDPOINT_URL_<service>} or {@code AWS_ENDPOINT_URL}
     * @param service the service's name in those variables, for example {@code SECRETS_MANAGER} or {@code ROUTE_53}
     */
    public static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C build(
            B builder, Region region, Duration limit, Map<String, String> environment, String service) {
        Duration half = limit.dividedBy(2);
        builder.region(software.amazon.awssdk.regions.Region.of(region.code()))
                .credentialsProvider(Credentials.provider(environment))
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(half)
                        .socketTimeout(half))
                .overrideConfiguration(options -> options.apiCallTimeout(limit)
                        .apiCallAttemptTimeout(half)
                        .retryStrategy(RetryMode.STANDARD));
        String usual = environment.getOrDefault("AWS_ENDPOINT_URL", "");
        String url = environment.getOrDefault("AWS_ENDPOINT_URL_" + service, usual);
        if (!url.isBlank()) {
            builder.endpointOverride(URI.create(url));
        }
        return builder.build();
    }
}
