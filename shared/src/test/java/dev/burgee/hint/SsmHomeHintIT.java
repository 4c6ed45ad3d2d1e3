package dev.burgee.hint;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.burgee.region.Region;
import dev.burgee.servers.AwsEndpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ParameterType;

final class SsmHomeHintIT extends HomeHintContract {
    private static final Region REGION = new Region("eu-west-1");

    private final String name = "/burgee/" + UUID.randomUUID() + "/home";
    private SsmHomeHint hint = at("http://unset", Duration.ofSeconds(10));

    @BeforeEach
    void connect() {
        hint = at(AwsEndpoint.get().toString(), Duration.ofSeconds(10));
    }

    @AfterEach
    void close() {
        hint.close();
    }

    @Override
    HomeHint hint() {
        return hint;
    }

    @Override
    void put(String text) {
        URI endpoint = AwsEndpoint.get();
        try (SsmClient admin = dev.burgee.aws.AwsClients.build(
                SsmClient.builder(),
                REGION,
                Duration.ofSeconds(10),
                Map.of("AWS_ENDPOINT_URL", endpoint.toString()),
                "SSM")) {
            admin.putParameter(request ->
                    request.name(name).type(ParameterType.STRING).value(text).overwrite(true));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, AccessDeniedException, DENIED",
        "400, ThrottlingException, THROTTLED",
        "400, TooManyUpdates, THROTTLED",
        "500, InternalServerError, REFUSED",
        "400, ParameterVersionNotFound, REFUSED"
    })
    void saysWhyItWasRefusedAndWritesNothing(int status, String code, HomeHint.Why why) throws IOException {
        var refusing = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        refusing.createContext("/", exchange -> {
            byte[] body = ("{\"__type\":\"" + code + "\",\"message\":\"no\"}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.1");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        refusing.start();
        try (var refused = at("http://127.0.0.1:" + refusing.getAddress().getPort(), Duration.ofSeconds(20))) {
            String problem = "parameter " + name + " could not be read: SSM in eu-west-1 says " + code;
            assertThat(refused.read()).isEqualTo(new HomeHint.Reading.Failed(why, problem));
            assertThat(refused.announce(hint("eu-west-1", 1))).isEqualTo(new HomeHint.Announced.Failed(why, problem));
        } finally {
            refusing.stop(0);
        }
    }

    @Test
    void aServerThatNeverAnswersIsGivenUpWithinTheLimit() throws IOException {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var hung = at("http://127.0.0.1:" + silent.getLocalPort(), Duration.ofMillis(400))) {
            long start = System.nanoTime();

            assertThat(hung.announce(hint("eu-west-1", 1)))
                    .isInstanceOfSatisfying(HomeHint.Announced.Failed.class, failed -> {
                        assertThat(failed.why()).isEqualTo(HomeHint.Why.OUT_OF_REACH);
                        assertThat(failed.problem()).contains("did not answer within 400 ms");
                    });
            // building the client is part of it, on a busy machine too
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        }
    }

    private SsmHomeHint at(String url, Duration limit) {
        return new SsmHomeHint(name, REGION, limit, Map.of("AWS_ENDPOINT_URL", url));
    }
}
