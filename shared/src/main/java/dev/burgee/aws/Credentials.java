package dev.burgee.aws;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;

/**
 * Where credentials are. The same that the SDK's default chain finds: its first two providers are taken without the chain
 * when they have some, because a cold start waits for the making of the others. Under SnapStart neither has, and the chain
 * asks the container's provider.
 */
final class Credentials {
    private Credentials() {}

    /**
     * The provider that has them; asks nobody yet.
     *
     * @param environment the process's variables
     */
    static AwsCredentialsProvider provider(Map<String, String> environment) {
        if (isSet(System.getProperty("aws.accessKeyId")) && isSet(System.getProperty("aws.secretAccessKey"))) {
            return SystemPropertyCredentialsProvider.create();
        }
        if (isSet(environment.get("AWS_ACCESS_KEY_ID")) && isSet(environment.get("AWS_SECRET_ACCESS_KEY"))) {
            return EnvironmentVariableCredentialsProvider.create();
        }
        return DefaultCredentialsProvider.builder().build();
    }

    private static boolean isSet(@Nullable String value) {
        return value != null && !value.isBlank();
    }
}
