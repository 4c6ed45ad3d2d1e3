package dev.burgee.local.runtime;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lambda's side of one execution environment: hands events to a runtime and takes its answers
 * (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html). SnapStart's two calls are those that the runtime
 * interface client makes. Thread-safe.
 */
final class RuntimeApi implements AutoCloseable {
    private static final Pattern INVOCATION =
            Pattern.compile("/2018-06-01/runtime/invocation/([^/]+)/(response|error)");
    /** Lambda's own limit on an answer, and room to see that one is too large. */
    private static final int BODY_BYTES_MAX = 7 * 1024 * 1024;

    private record Event(String id, String json, Instant deadline) {}

    private final String function;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("runtime-api-", 0).factory());
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Map<String, CompletableFuture<RuntimeAnswer>> answers = new ConcurrentHashMap<>();
    private final CompletableFuture<Long> checkpoint = new CompletableFuture<>();
    private final CompletableFuture<Void> restore = new CompletableFuture<>();
    private final CompletableFuture<Long> ready = new CompletableFuture<>();

    private RuntimeApi(String function) {
        this.function = function;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /**
     * Serves at a free port of the loopback.
     *
     * @param function ARN of the function that is called
     */
    static RuntimeApi start(String function) {
        return new RuntimeApi(function);
    }

    /** Host and port. */
    String address() {
        return server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort();
    }

    /** When the runtime first asked for an event ({@link System#nanoTime}); fails with what kept it from doing so. */
    CompletableFuture<Long> ready() {
        return ready;
    }

    /** When the runtime was ready for its snapshot ({@link System#nanoTime}); it then waits for {@link #restore}. */
    CompletableFuture<Long> checkpoint() {
        return checkpoint;
    }

    /** Lets a runtime that waits at its checkpoint, or will, go on as if restored. */
    void restore() {
        restore.complete(null);
    }

    /** Sends an event; the runtime takes one after the other. */
    CompletableFuture<RuntimeAnswer> invoke(String json, Duration timeout) {
        var event = new Event(UUID.randomUUID().toString(), json, Instant.now().plus(timeout));
        var answer = new CompletableFuture<RuntimeAnswer>();
        answers.put(event.id(), answer);
        events.add(event);
        return answer;
    }

    /** The runtime is gone, and will neither ask nor answer. */
    void ended(String why) {
        var problem = new InitFailedException(why);
        ready.completeExceptionally(problem);
        checkpoint.completeExceptionally(problem);
        answers.values().forEach(answer -> answer.completeExceptionally(new IllegalStateException(why)));
    }

    @Override
    public void close() {
        ended("closed");
        threads.shutdownNow();
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readNBytes(BODY_BYTES_MAX), StandardCharsets.UTF_8);
            String path = exchange.getRequestURI().getPath();
            Matcher invocation = INVOCATION.matcher(path);
            if (invocation.matches()) {
                answered(exchange, invocation.group(1), invocation.group(2).equals("error"), body);
                return;
            }
            switch (path) {
                case "/2018-06-01/runtime/invocation/next" -> next(exchange);
                case "/2018-06-01/runtime/restore/next" -> {
                    checkpoint.complete(System.nanoTime());
                    restore.join();
                    reply(exchange, 200, "");
                }
                case "/2018-06-01/runtime/init/error", "/2018-06-01/runtime/restore/error" -> {
                    var problem = new InitFailedException(errorType(exchange) + " " + body);
                    checkpoint.completeExceptionally(problem);
                    ready.completeExceptionally(problem);
                    reply(exchange, 202, "{\"status\":\"OK\"}");
                }
                default -> reply(exchange, 404, "{\"errorMessage\":\"no such call\",\"errorType\":\"NotFound\"}");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void next(HttpExchange exchange) throws IOException, InterruptedException {
        ready.complete(System.nanoTime());
        Event event = events.take();
        var headers = exchange.getResponseHeaders();
        headers.set("Lambda-Runtime-Aws-Request-Id", event.id());
        headers.set("Lambda-Runtime-Deadline-Ms", Long.toString(event.deadline().toEpochMilli()));
        headers.set("Lambda-Runtime-Invoked-Function-Arn", function);
        headers.set(
                "Lambda-Runtime-Trace-Id",
                "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0");
        reply(exchange, 200, event.json());
    }

    private void answered(HttpExchange exchange, String id, boolean isError, String body) throws IOException {
        CompletableFuture<RuntimeAnswer> answer = answers.remove(id);
        if (answer == null) {
            reply(exchange, 400, "{\"errorMessage\":\"no such event\",\"errorType\":\"InvalidRequestID\"}");
            return;
        }
        reply(exchange, 202, "{\"status\":\"OK\"}");
        answer.complete(
                isError ? new RuntimeAnswer.Failed(errorType(exchange), body) : new RuntimeAnswer.Answered(body));
    }

    private static String errorType(HttpExchange exchange) {
        String type = exchange.getRequestHeaders().getFirst("Lambda-Runtime-Function-Error-Type");
        return type == null ? "" : type;
    }

    private static void reply(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
