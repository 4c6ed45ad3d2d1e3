package dev.burgee.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DistanceMainTest {
    @Test
    void aClientInAnotherRegionWaitsARoundTripAndTheEndOfInputEndsIt() throws Exception {
        HttpServer home = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        home.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        home.start();
        var out = new ByteArrayOutputStream();
        var held = new PipedOutputStream();
        var in = new PipedInputStream(held);
        try {
            var arguments = List.of(String.valueOf(home.getAddress().getPort()), "eu-west-1", "ap-southeast-1");
            CompletableFuture<Integer> ended = CompletableFuture.supplyAsync(() -> run(arguments, in, out));
            Await.until(
                    "both addresses",
                    Duration.ofSeconds(10),
                    () -> out.toString(UTF_8).lines().count() == 2);

            List<String> singapore =
                    List.of(out.toString(UTF_8).lines().toList().getLast().split(" ", -1));
            assertThat(singapore.get(0)).isEqualTo("ap-southeast-1");
            assertThat(singapore.get(2)).isEqualTo("110");
            try (HttpClient client = HttpClient.newHttpClient()) {
                HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + singapore.get(1)))
                        .timeout(Duration.ofSeconds(20))
                        .build();
                long start = System.nanoTime();
                int status = client.send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode();
                assertThat(status).isEqualTo(204);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(220));
            }

            held.close();
            assertThat(ended.get(20, TimeUnit.SECONDS)).isZero();
        } finally {
            home.stop(0);
        }
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        var err = new ByteArrayOutputStream();
        int status = run(List.of("8101", "mars-1"), InputStream.nullInputStream(), err);
        assertThat(status).isEqualTo(2);
        assertThat(run(List.of("x", "eu-west-1"), InputStream.nullInputStream(), err))
                .isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("mars-1").contains("usage: DistanceMain PORT REGION");
    }

    /** Both streams into one. */
    private static int run(List<String> arguments, InputStream in, ByteArrayOutputStream printed) {
        var stream = new PrintStream(printed, true, UTF_8);
        try {
            return DistanceMain.run(arguments, in, stream, stream);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
