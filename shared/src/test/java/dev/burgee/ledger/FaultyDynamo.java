package dev.burgee.ledger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** An endpoint in front of DynamoDB Local, which does to each call what the test says. */
final class FaultyDynamo implements AutoCloseable {
    /** What becomes of a call. */
    sealed interface Fate {
        Fate PASS = new Pass();
        Fate LOSE_ANSWER = new LoseAnswer();
        Fate CUT = new Cut();
        Fate HANG = new Hang();

        static Fate error(int status, String type) {
            String body = "{\"__type\":\"com.amazonaws.dynamodb.v20120810#" + type + "\",\"message\":\"told to\"}";
            return new Answer(status, body);
        }
    }

    /** Goes to the server and back. */
    record Pass() implements Fate {}

    /** Is done by the server; then the connection is closed instead of the answer. */
    record LoseAnswer() implements Fate {}

    /** Is not done: the connection is closed. */
    record Cut() implements Fate {}

    /** Is not done, and not answered either before this endpoint is closed. */
    record Hang() implements Fate {}

    /** Is not done, but answered. */
    record Answer(int status, String body) implements Fate {}

    /** Chooses the fate of a call by its operation, for example {@code PutItem}, and the JSON of its request. */
    @FunctionalInterface
    interface Script {
        Fate of(String operation, String body);
    }

    private static final Set<String> NOT_FORWARDED =
            Set.of("host", "connection", "content-length", "expect", "upgrade", "user-agent");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client = HttpClient.newHttpClient();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final URI target;
    private volatile Script script = (operation, body) -> Fate.PASS;

    FaultyDynamo(URI target) {
        this.target = target;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void script(Script newScript) {
        script = newScript;
    }

    /** All calls have one fate from now on. */
    void all(Fate fate) {
        script = (operation, body) -> fate;
    }

    /** Calls of one operation have that fate, the others pass. */
    void only(String faulty, Fate fate) {
        script = (operation, body) -> operation.equals(faulty) ? fate : Fate.PASS;
    }

    /** The operations that were asked for so far. */
    List<String> calls() {
        return List.copyOf(calls);
    }

    void forgetCalls() {
        calls.clear();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String operation =
                    exchange.getRequestHeaders().getFirst("X-Amz-Target").replaceAll(".*\\.", "");
            byte[] body = exchange.getRequestBody().readAllBytes();
            calls.add(operation);
            switch (script.of(operation, new String(body, StandardCharsets.UTF_8))) {
                case Pass _ -> {
                    HttpResponse<byte[]> answer = forward(exchange, body);
                    answer.headers()
                            .firstValue("x-amz-crc32")
                            .ifPresent(crc -> exchange.getResponseHeaders().set("x-amz-crc32", crc));
                    answer(exchange, answer.statusCode(), answer.body());
                }
                case LoseAnswer _ -> forward(exchange, body);
                case Cut _ -> {}
                case Hang _ -> await();
                case Answer(int status, String text) -> answer(exchange, status, text.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body) throws IOException {
        var request = HttpRequest.newBuilder(target)
                .timeout(Duration.ofSeconds(10))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        UnaryOperator<String> lower = name -> name.toLowerCase(Locale.ROOT);
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!NOT_FORWARDED.contains(lower.apply(name))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private void await() throws IOException {
        try {
            if (!closed.await(30, TimeUnit.SECONDS)) {
                throw new IOException("hung for longer than any test should wait");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.close();
        client.close();
    }
}
