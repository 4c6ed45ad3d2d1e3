package dev.burgee.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import dev.burgee.region.Region;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SignedPostTest {
    private static final SignedPost.Api API = new SignedPost.Api("secretsmanager", "SECRETS_MANAGER");
    private static final Region REGION = new Region("eu-west-1");
    private static final String SECRET_KEY = "burgee-secret";

    private HttpServer server;
    private Headers received = new Headers();
    private String body = "";
    private int status = 200;

    @BeforeEach
    void serve() throws IOException {
        System.setProperty("aws.accessKeyId", "burgee");
        System.setProperty("aws.secretAccessKey", SECRET_KEY);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                received = exchange.getRequestHeaders();
                body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
                byte[] answer = "{\"a\":\"ü\"}".getBytes(UTF_8);
                exchange.getResponseHeaders().set("x-amzn-ErrorType", "SomeException");
                exchange.sendResponseHeaders(status, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        server.start();
    }

    @AfterEach
    void end() {
        server.stop(0);
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }

    /** Computed anew out of what arrived: nothing on the way may have changed what was signed. */
    @Test
    void whatArrivesCarriesItsSignature() throws IOException, GeneralSecurityException {
        SignedPost.Reply reply = post("AWS_ENDPOINT_URL").send("some.Operation", "{\"SecretId\":\"ü\"}");

        assertThat(reply).isEqualTo(new SignedPost.Reply(200, "{\"a\":\"ü\"}", "SomeException"));
        assertThat(body).isEqualTo("{\"SecretId\":\"ü\"}");
        assertThat(received.getFirst("X-Amz-Target")).isEqualTo("some.Operation");
        Matcher authorization = Pattern.compile(
                        "AWS4-HMAC-SHA256 Credential=burgee/"
                                + "(\\d{8}/eu-west-1/secretsmanager/aws4_request), SignedHeaders=([a-z0-9;-]+), Signature=(\\w+)")
                .matcher(received.getFirst("Authorization"));
        assertThat(authorization.matches()).isTrue();
        assertThat(authorization.group(2)).contains("content-type", "host", "x-amz-date", "x-amz-target");
        assertThat(signature(authorization.group(1), authorization.group(2))).isEqualTo(authorization.group(3));
    }

    @Test
    void anErrorIsAnAnswer() throws IOException {
        status = 400;

        assertThat(post("AWS_ENDPOINT_URL_SECRETS_MANAGER").send("some.Operation", "{}"))
                .isEqualTo(new SignedPost.Reply(400, "{\"a\":\"ü\"}", "SomeException"));
    }

    @Test
    void leavesNoConnectionBehind() throws IOException {
        post("AWS_ENDPOINT_URL").send("some.Operation", "{}");

        assertThat(received.getFirst("Connection")).isEqualTo("close");
    }

    @Test
    void nobodyThereIsAFailure() {
        server.stop(0);

        assertThatThrownBy(() -> post("AWS_ENDPOINT_URL").send("some.Operation", "{}"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void theUsualEndpointIsTheRegionsOwn() {
        assertThat(SignedPost.endpoint(API, REGION, Map.of()))
                .hasToString("https://secretsmanager.eu-west-1.amazonaws.com/");
        assertThat(SignedPost.endpoint(API, new Region("cn-north-1"), Map.of("AWS_ENDPOINT_URL", " ")))
                .hasToString("https://secretsmanager.cn-north-1.amazonaws.com.cn/");
    }

    private SignedPost post(String variable) {
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        return new SignedPost(API, REGION, Duration.ofSeconds(10), Map.of(variable, url));
    }

    /** Signature version 4, by its description. */
    private String signature(String scope, String signedHeaders) throws GeneralSecurityException {
        StringBuilder canonical = new StringBuilder("POST\n/\n\n");
        for (String name : signedHeaders.split(";", -1)) {
            canonical.append(name).append(':').append(received.getFirst(name)).append('\n');
        }
        canonical.append('\n').append(signedHeaders).append('\n').append(sha256(body));
        String toSign = "AWS4-HMAC-SHA256\n" + received.getFirst("X-Amz-Date") + "\n" + scope + "\n"
                + sha256(canonical.toString());
        byte[] key = ("AWS4" + SECRET_KEY).getBytes(UTF_8);
        for (String part : scope.split("/", -1)) {
            key = hmac(key, part);
        }
        return HexFormat.of().formatHex(hmac(key, toSign));
    }

    private static String sha256(String text) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }
}
