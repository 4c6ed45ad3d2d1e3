package dev.burgee.failover;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An AWS API by its wire format: says what it is told to, in order, the last answer again and again. Thread-safe. */
final class WireServer implements AutoCloseable {
    /** One answer; a hanging one never comes. */
    record Answer(int status, Map<String, String> headers, String body, boolean hangs) {
        static Answer of(int status, String body) {
            return new Answer(status, Map.of(), body, false);
        }

        static Answer never() {
            return new Answer(200, Map.of(), "", true);
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Deque<Answer> answers = new ArrayDeque<>();
    private final List<String> requests = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    WireServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    synchronized WireServer say(Answer... next) {
        answers.clear();
        answers.addAll(List.of(next));
        requests.clear();
        return this;
    }

    /** Method, path and body of each request so far. */
    synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            Answer answer = next(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
            if (answer.hangs) {
                closed.await();
                return;
            }
            byte[] bytes = answer.body.getBytes(UTF_8);
            answer.headers.forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(answer.status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Answer next(String request) {
        requests.add(request);
        return answers.size() > 1 ? answers.remove() : answers.element();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
