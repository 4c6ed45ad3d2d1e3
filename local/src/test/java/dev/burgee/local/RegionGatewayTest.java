package dev.burgee.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.burgee.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class RegionGatewayTest {
    /** Answers with the event itself. */
    private static final RequestStreamHandler MIRROR = (in, out, context) -> {
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("statusCode", 200);
        answer.put("headers", Map.of("Content-Type", "application/json", "ETag", "\"7\""));
        answer.put("body", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        answer.put("isBase64Encoded", false);
        write(out, answer);
    };

    private final HttpClient client = HttpClient.newHttpClient();
    private RequestStreamHandler readFunction = MIRROR;
    private RequestStreamHandler writeFunction = answering(Map.of("statusCode", 418, "body", "the write function"));
    private Duration timeout = Duration.ofSeconds(5);
    private @Nullable RegionGateway gateway;

    @AfterEach
    void close() {
        if (gateway != null) {
            gateway.close();
        }
        client.close();
    }

    @Test
    void handsARequestOnAsAnEventOfPayloadFormat2() throws Exception {
        Map<?, ?> event = mirrored(request("/api/config/flags/a%20b?limit=5").GET());

        assertThat(event.get("version")).isEqualTo("2.0");
        assertThat(event.get("routeKey")).isEqualTo("$default");
        assertThat(event.get("rawPath")).isEqualTo("/api/config/flags/a%20b");
        assertThat(event.get("rawQueryString")).isEqualTo("limit=5");
        assertThat(event.get("isBase64Encoded")).isEqualTo(false);
        assertThat(event.containsKey("body")).isFalse();
        Map<?, ?> context = object(event, "requestContext");
        assertThat(context.get("stage")).isEqualTo("$default");
        assertThat((String) context.get("requestId")).isNotBlank();
        assertThat((Long) context.get("timeEpoch")).isPositive();
        Map<?, ?> http = object(context, "http");
        assertThat(http.get("method")).isEqualTo("GET");
        assertThat(http.get("path")).isEqualTo("/api/config/flags/a%20b");
        assertThat(http.get("protocol")).isEqualTo("HTTP/1.1");
        assertThat(http.get("sourceIp")).isEqualTo("127.0.0.1");
    }

    @Test
    void lowersHeaderNamesAndJoinsRepeatedOnes() throws Exception {
        Map<?, ?> event = mirrored(request("/api/config/flags")
                .header("If-None-Match", "\"1\"")
                .header("If-None-Match", "\"2\"")
                .header("X-API-Key", "dev-read"));

        Map<?, ?> headers = object(event, "headers");
        assertThat(headers.get("if-none-match")).isEqualTo("\"1\",\"2\"");
        assertThat(headers.get("x-api-key")).isEqualTo("dev-read");
    }

    @Test
    void decodesTheQueryAndJoinsRepeatedParameters() throws Exception {
        Map<?, ?> event = mirrored(request("/api/config/flags?a=1&a=2&b=%C3%A9+x&c&d=%26"));

        assertThat(event.get("queryStringParameters")).isEqualTo(Map.of("a", "1,2", "b", "é x", "c", "", "d", "&"));
    }

    @Test
    void leavesOutAnEmptyQuery() throws Exception {
        Map<?, ?> event = mirrored(request("/api/config/flags"));

        assertThat(event.get("rawQueryString")).isEqualTo("");
        assertThat(event.containsKey("queryStringParameters")).isFalse();
    }

    @Test
    void passesJsonAsText() throws Exception {
        Map<?, ?> event = mirrored(request("/api/config/flags")
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(BodyPublishers.ofString("{\"é\":1}")));

        assertThat(event.get("body")).isEqualTo("{\"é\":1}");
        assertThat(event.get("isBase64Encoded")).isEqualTo(false);
    }

    @Test
    void encodesABodyWhoseTypeIsNotText() throws Exception {
        Map<?, ?> event = mirrored(request("/api/config/flags")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("{}")));

        assertThat(event.get("body")).isEqualTo("e30=");
        assertThat(event.get("isBase64Encoded")).isEqualTo(true);
    }

    @Test
    void encodesTextThatIsNotUtf8() throws Exception {
        byte[] latin1 = {'{', (byte) 0xE9, '}'};

        Map<?, ?> event = mirrored(request("/api/config/flags")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(latin1)));

        assertThat(event.get("isBase64Encoded")).isEqualTo(true);
        assertThat(Base64.getDecoder().decode((String) event.get("body"))).isEqualTo(latin1);
    }

    @Test
    void sendsStatusHeadersAndBodyOfTheAnswer() throws Exception {
        HttpResponse<String> response = send(request("/api/health"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("ETag")).contains("\"7\"");
    }

    @Test
    void decodesAnAnswerInBase64() throws Exception {
        readFunction = answering(Map.of("statusCode", 200, "body", "e30=", "isBase64Encoded", true));

        assertThat(send(request("/api/health")).body()).isEqualTo("{}");
    }

    @Test
    void sendsNoBodyWithNotModified() throws Exception {
        readFunction = answering(Map.of("statusCode", 304, "headers", Map.of("ETag", "\"7\"")));

        HttpResponse<String> response = send(request("/api/config/flags"));

        assertThat(response.statusCode()).isEqualTo(304);
        assertThat(response.headers().firstValue("ETag")).contains("\"7\"");
    }

    @Test
    void routesByPath() throws Exception {
        assertThat(send(request("/api/admin/flags/a")).body()).isEqualTo("the write function");
        assertThat(send(request("/api/administrator")).statusCode()).isEqualTo(404);
        assertThat(send(request("/")).body()).isEqualTo("{\"message\":\"Not Found\"}");
    }

    @Test
    void refusesABodyThatIsTooLarge() throws Exception {
        HttpResponse<String> response = send(request("/api/config/flags")
                .POST(BodyPublishers.ofByteArray(new byte[RegionGateway.BODY_BYTES_MAX + 1])));

        assertThat(response.statusCode()).isEqualTo(413);
    }

    @Test
    void answers503WhenTheFunctionMeetsItsTimeOutAndUsesAnotherEnvironmentThen() throws Exception {
        var calls = new AtomicInteger();
        timeout = Duration.ofMillis(200);
        readFunction = (in, out, context) -> {
            if (calls.incrementAndGet() == 1) {
                waitForInterrupt();
            }
            write(out, Map.of("statusCode", 200));
        };

        assertThat(send(request("/api/config/flags")).statusCode()).isEqualTo(503);
        assertThat(send(request("/api/config/flags")).statusCode()).isEqualTo(200);
    }

    @Test
    void answers500WhenTheFunctionThrowsOrAnswersRubbish() throws Exception {
        readFunction = (in, out, context) -> {
            throw new IllegalStateException("secret detail");
        };
        writeFunction = (in, out, context) -> out.write("rubbish".getBytes(StandardCharsets.UTF_8));

        assertThat(send(request("/api/config/flags")).body()).isEqualTo("{\"message\":\"Internal Server Error\"}");
        assertThat(send(request("/api/admin/export")).statusCode()).isEqualTo(500);
    }

    @Test
    void eachExecutionEnvironmentServesOneRequestAtATime() throws Exception {
        var environments = new AtomicInteger();
        var bothInside = new CountDownLatch(2);
        var host = new FunctionHost(new FunctionHost.Plan(
                "read",
                () -> {
                    environments.incrementAndGet();
                    return (in, out, context) -> {
                        bothInside.countDown();
                        await(bothInside);
                        write(out, Map.of("statusCode", 200));
                    };
                },
                4,
                Duration.ofSeconds(5)));
        try (host;
                var two = RegionGateway.start(0, host, host)) {
            HttpRequest get =
                    HttpRequest.newBuilder(two.uri().resolve("/api/health")).build();
            CompletableFuture<HttpResponse<String>> one = client.sendAsync(get, HttpResponse.BodyHandlers.ofString());
            CompletableFuture<HttpResponse<String>> other = client.sendAsync(get, HttpResponse.BodyHandlers.ofString());
            assertThat(one.get().statusCode()).isEqualTo(200);
            assertThat(other.get().statusCode()).isEqualTo(200);

            client.send(get, HttpResponse.BodyHandlers.ofString());

            assertThat(environments).hasValue(2);
        }
    }

    private Map<?, ?> mirrored(HttpRequest.Builder request) throws Exception {
        return asObject(Json.parse(send(request).body()));
    }

    private static Map<?, ?> object(Map<?, ?> tree, String member) {
        return asObject(tree.get(member));
    }

    private static Map<?, ?> asObject(@Nullable Object tree) {
        if (tree instanceof Map<?, ?> members) {
            return members;
        }
        throw new AssertionError("must be an object: " + tree);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private HttpRequest.Builder request(String path) {
        RegionGateway running = gateway;
        if (running == null) {
            running = RegionGateway.start(
                    0,
                    host("read", (in, out, context) -> readFunction.handleRequest(in, out, context)),
                    host("write", (in, out, context) -> writeFunction.handleRequest(in, out, context)));
            gateway = running;
        }
        return HttpRequest.newBuilder(URI.create(running.uri() + path)).version(HttpClient.Version.HTTP_1_1);
    }

    private FunctionHost host(String name, RequestStreamHandler function) {
        return new FunctionHost(new FunctionHost.Plan(name, () -> function, 4, timeout));
    }

    private static RequestStreamHandler answering(Map<String, ?> answer) {
        return (in, out, context) -> write(out, answer);
    }

    private static void write(OutputStream out, Map<String, ? extends @Nullable Object> answer) throws IOException {
        out.write(Json.write(answer).getBytes(StandardCharsets.UTF_8));
    }

    private static void waitForInterrupt() {
        await(new CountDownLatch(1));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
