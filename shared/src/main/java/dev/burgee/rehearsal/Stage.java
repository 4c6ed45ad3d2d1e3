package dev.burgee.rehearsal;

import dev.burgee.json.Json;
import dev.burgee.time.Time;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stand-ins of a cache and of AWS's APIs at free ports of the loopback, and the variables of a function that is to use them.
 * Thread-safe.
 */
final class Stage implements AutoCloseable {
    private static final String KEY_SHA256 = "2bcd3e14dca8fdb18ca3d4e958bb1c4df002598ae6e5d80fc9d9824a6b5dc450";
    private static final String TOPOLOGY_SECRET = "rehearsal/topology";
    private static final String KEYS_SECRET = "rehearsal/keys";
    private static final String REPLICATION_SECRET = "BURGEE_REPLICATION_SECRET";
    private static final int BACKLOG = 50;

    /** For a machine that compiles meanwhile; and each request asks the cache. */
    private static final Map<String, String> LIMITS = Map.of(
            "BURGEE_LOCAL_CONNECT_MS", "1000",
            "BURGEE_LOCAL_READ_MS", "400",
            "BURGEE_CROSS_CONNECT_MS", "1000",
            "BURGEE_CROSS_READ_MS", "400",
            "BURGEE_CROSS_WRITE_MS", "1000",
            "BURGEE_LEDGER_CALL_MS", "2000",
            "BURGEE_AWS_CALL_MS", "4000",
            "BURGEE_WHOLE_READ_MS", "1300",
            "BURGEE_WHOLE_WRITE_MS", "10000",
            "BURGEE_FRESHNESS_WINDOW_MS", "0");

    private interface Part {
        void serve(Socket socket) throws IOException;
    }

    private final Map<String, String> real;
    private final ServerSocket cache;
    private final ServerSocket apis;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

    private Stage(Map<String, String> real, Time time) throws IOException {
        this.real = Map.copyOf(real);
        cache = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        apis = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        listen(cache, socket -> new StagedCache(region(), time).serve(socket));
        listen(apis, socket -> new StagedApis(secrets()).serve(socket));
    }

    /** Opens the ports. */
    static Stage build(Map<String, String> real, Time time) throws IOException {
        return new Stage(real, time);
    }

    /** The real variables, but for whatever names something outside. */
    Map<String, String> environment() {
        Map<String, String> staged = new HashMap<>();
        real.forEach((name, value) -> {
            boolean outside = name.startsWith("AWS_ENDPOINT_URL")
                    || name.startsWith("AWS_CONTAINER_")
                    || name.equals(REPLICATION_SECRET);
            if (!outside) {
                staged.put(name, value);
            }
        });
        staged.put("AWS_ENDPOINT_URL", "http://127.0.0.1:" + apis.getLocalPort());
        staged.put("AWS_ACCESS_KEY_ID", Rehearsal.KEY);
        staged.put("AWS_SECRET_ACCESS_KEY", Rehearsal.KEY);
        staged.remove("AWS_SESSION_TOKEN");
        staged.computeIfPresent("BURGEE_TOPOLOGY_SECRET", (_, _) -> TOPOLOGY_SECRET);
        staged.computeIfPresent("BURGEE_KEYS_SECRET", (_, _) -> KEYS_SECRET);
        staged.putAll(LIMITS);
        return staged;
    }

    @Override
    public void close() {
        try {
            cache.close();
            apis.close();
            for (Socket connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String region() {
        return real.getOrDefault("AWS_REGION", "us-east-1");
    }

    private Map<String, String> secrets() {
        Map<String, Object> topology = Map.of(
                "primary",
                region(),
                "username",
                Rehearsal.KEY,
                "password",
                Rehearsal.KEY,
                "regions",
                Map.of(region(), Map.of("cache", "redis://127.0.0.1:" + cache.getLocalPort())),
                "ledger",
                Map.of(
                        "table",
                        "rehearsal",
                        "regions",
                        Map.of(region(), Map.of("endpoint", "http://127.0.0.1:" + apis.getLocalPort()))));
        Map<String, Object> keys =
                Map.of("keys", List.of(Map.of("name", Rehearsal.KEY, "scope", "admin", "sha256", KEY_SHA256)));
        return Map.of(TOPOLOGY_SECRET, Json.write(topology), KEYS_SECRET, Json.write(keys));
    }

    private void listen(ServerSocket server, Part part) {
        Thread.ofVirtual().name("stage").start(() -> {
            try {
                while (!server.isClosed()) {
                    Socket socket = server.accept();
                    connections.add(socket);
                    Thread.ofVirtual().name("stage-connection").start(() -> answer(socket, part));
                }
            } catch (IOException _) {
                // closed: the rehearsal is over
            }
        });
    }

    private void answer(Socket socket, Part part) {
        try (socket) {
            part.serve(socket);
        } catch (IOException _) {
            // whoever called has gone
        } finally {
            connections.remove(socket);
        }
    }
}
