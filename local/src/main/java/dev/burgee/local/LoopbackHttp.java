package dev.burgee.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;

/** The JDK's HTTP server on the loopback, as all parts of the local world use it. */
final class LoopbackHttp {
    private static final int BACKLOG = 512;
    private static final int NOT_MODIFIED = 304;
    private static final int NO_CONTENT = 204;
    private static final int NO_BODY = -1;

    private LoopbackHttp() {}

    /** Must be called before the first server is made: without it answers may wait 40 ms for an acknowledgement. */
    static void sendAtOnce() {
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /**
     * Binds a server that is not started yet.
     *
     * @param port 0: a free one
     * @throws PortTakenException when the port is taken
     */
    static HttpServer bind(int port) {
        sendAtOnce();
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        } catch (BindException e) {
            throw new PortTakenException(port, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static URI uri(HttpServer server) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Sends the status and the whole body, with the headers that were set before. */
    static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean bodiless = exchange.getRequestMethod().equals("HEAD") || status == NOT_MODIFIED || status == NO_CONTENT;
        exchange.sendResponseHeaders(status, bodiless || body.length == 0 ? NO_BODY : body.length);
        if (!bodiless && body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }
}
