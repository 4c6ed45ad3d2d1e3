package dev.burgee.aws;

import dev.burgee.region.Region;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;

/**
 * Calls of an AWS API that speaks JSON: one POST each, on a connection of its own. Credentials and signature are the SDK's;
 * its client is left out, because making one and its first call cost a cold start more than all else (ADR 15). Thread-safe.
 */
public final class SignedPost {
    private static final String CONTENT_TYPE = "application/x-amz-json-1.1";
    private static final int BODY_BYTES_MAX = 1 << 20;

    /** Of the limit, what connecting may take; each wait for bytes may take the rest. */
    private static final int CONNECT_PART = 4;

    /**
     * An API.
     *
     * @param name as it signs and is addressed, for example {@code secretsmanager}
     * @param variable its name in {@code AWS_ENDPOINT_URL_<name>}, for example {@code SECRETS_MANAGER}
     */
    public record Api(String name, String variable) {}

    /**
     * What was answered.
     *
     * @param errorType of the header that some answers have, or empty
     */
    public record Reply(int status, String body, String errorType) {}

    private final Api api;
    private final Region region;
    private final URI endpoint;
    private final int connectMs;
    private final int readMs;
    private final AwsCredentialsProvider credentials;
    private final AwsV4HttpSigner signer;

    /**
     * Touches no network.
     *
     * @param region that is called, and signed for
     * @param limit on one call: on connecting and one wait for an answer together
     * @param environment may name another endpoint: {@code AWS_ENDPOINT_URL_<variable>} or {@code AWS_ENDPOINT_URL}
     */
    public SignedPost(Api api, Region region, Duration limit, Map<String, String> environment) {
        this.api = api;
        this.region = region;
        this.endpoint = endpoint(api, region, environment);
        int limitMs = Math.toIntExact(limit.toMillis());
        this.connectMs = Math.max(1, limitMs / CONNECT_PART);
        this.readMs = Math.max(1, limitMs - connectMs);
        this.credentials = Credentials.provider(environment);
        this.signer = AwsV4HttpSigner.create();
    }

    /**
     * Calls.
     *
     * @param target the operation, as in the header {@code X-Amz-Target}
     * @throws IOException when there was no answer in time
     * @throws software.amazon.awssdk.core.exception.SdkException when there are no credentials
     */
    public Reply send(String target, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        HttpURLConnection connection = (HttpURLConnection) endpoint.toURL().openConnection();
        try {
            connection.setConnectTimeout(connectMs);
            connection.setReadTimeout(readMs);
            connection.setUseCaches(false);
            connection.setInstanceFollowRedirects(false);
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(body.length);
            signedHeaders(target, body)
                    .forEach((name, values) -> connection.setRequestProperty(name, String.join(",", values)));
            // it is called once in minutes, and no socket is to get into a snapshot
            connection.setRequestProperty("Connection", "close");
            connection.getOutputStream().write(body);
            return reply(connection);
        } finally {
            connection.disconnect();
        }
    }

    private Map<String, List<String>> signedHeaders(String target, byte[] body) {
        SdkHttpRequest request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(endpoint)
                .putHeader("Content-Type", CONTENT_TYPE)
                .putHeader("X-Amz-Target", target)
                .build();
        return signer.sign(sign -> sign.identity(credentials.resolveCredentials())
                        .request(request)
                        .payload(ContentStreamProvider.fromByteArray(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, api.name())
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region.code()))
                .request()
                .headers();
    }

    private static Reply reply(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        String errorType = connection.getHeaderField("x-amzn-errortype");
        InputStream found =
                status < HttpURLConnection.HTTP_BAD_REQUEST ? connection.getInputStream() : connection.getErrorStream();
        String body = "";
        if (found != null) {
            try (InputStream in = found) {
                body = new String(in.readNBytes(BODY_BYTES_MAX), StandardCharsets.UTF_8);
            }
        }
        return new Reply(status, body, errorType == null ? "" : errorType);
    }

    /** The usual host name, which VPC endpoints serve. Partitions that are closed to the internet have others. */
    static URI endpoint(Api api, Region region, Map<String, String> environment) {
        String url = environment.get("AWS_ENDPOINT_URL_" + api.variable());
        if (isBlank(url)) {
            url = environment.get("AWS_ENDPOINT_URL");
        }
        if (url == null || url.isBlank()) {
            String suffix = region.code().startsWith("cn-") ? ".amazonaws.com.cn/" : ".amazonaws.com/";
            return URI.create("https://" + api.name() + "." + region.code() + suffix);
        }
        return URI.create(url.endsWith("/") ? url : url + "/");
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isBlank();
    }
}
