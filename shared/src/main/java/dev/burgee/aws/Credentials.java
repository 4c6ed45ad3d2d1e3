package dev.burgee.aws;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;

/**
 * Where credentials are. The same that the SDK's default chain finds: what its first two providers have is taken without the
 * chain, because a cold start waits for the making of the others. Under SnapStart neither has any, and the chain asks the
 * container's provider.
 */
public final class Credentials {
    private Credentials() {}

    /**
     * The provider that has them; asks nobody yet.
     *
     * @param environment the process's variables
     */
    public static AwsCredentialsProvider provider(Map<String, String> environment) {
        if (isSet(System.getProperty("aws.accessKeyId")) && isSet(System.getProperty("aws.secretAccessKey"))) {
            return SystemPropertyCredentialsProvider.create();
        }
        String id = environment.get("AWS_ACCESS_KEY_ID");
        String secret = environment.get("AWS_SECRET_ACCESS_KEY");
        String token = environment.get("AWS_SESSION_TOKEN");
        if (id != null && secret != null && isSet(id) && isSet(secret)) {
            return StaticCredentialsProvider.create(
                    token != null && isSet(token)
                            ? AwsSessionCredentials.create(id, secret, token)
                            : AwsBasicCredentials.create(id, secret));
        }
        return DefaultCredentialsProvider.builder().build();
    }

    /**
     * Asks the container for credentials and forgets them, where there is one to ask: under SnapStart, whose container is on
     * this machine.
     */
    public static void rehearse(Map<String, String> environment) {
        if (isSet(environment.get("AWS_CONTAINER_CREDENTIALS_FULL_URI"))) {
            provider(environment).resolveCredentials();
        }
    }

    private static boolean isSet(@Nullable String value) {
        return value != null && !value.isBlank();
    }
}
