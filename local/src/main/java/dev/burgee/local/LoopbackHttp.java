package dev.burgee.local;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How all servers of the local world read queries and send answers. */
final class LoopbackHttp {
    private static final int NOT_MODIFIED = 304;
    private static final int NO_CONTENT = 204;
    private static final int NO_BODY = -1;

    private LoopbackHttp() {}

    /** Must be called before the first server is made: without it answers may wait 40 ms for an acknowledgement. */
    static void sendAtOnce() {
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** Sends the status and the whole body, with the headers that were set before. */
    static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean bodiless = exchange.getRequestMethod().equals("HEAD") || status == NOT_MODIFIED || status == NO_CONTENT;
        exchange.sendResponseHeaders(status, bodiless || body.length == 0 ? NO_BODY : body.length);
        if (!bodiless && body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    /**
     * The parameters of a query or a form; of a name that comes twice, the last.
     *
     * @param raw as it came; null: none
     */
    static Map<String, String> parameters(@Nullable String raw) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (raw != null && !raw.isEmpty()) {
            for (String pair : raw.split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                parameters.put(
                        URLDecoder.decode(name, StandardCharsets.UTF_8),
                        URLDecoder.decode(value, StandardCharsets.UTF_8));
            }
        }
        return parameters;
    }
}
