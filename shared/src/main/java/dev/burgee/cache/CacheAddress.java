package dev.burgee.cache;

import dev.burgee.topology.Topology;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;

/**
 * One server's address, taken from {@code redis://host:port} or {@code rediss://host:port} (TLS).
 *
 * @param username null: the server's default user
 * @param password null: no authentication
 */
record CacheAddress(
        HostAndPort server,
        boolean tls,
        @Nullable String username,
        @Nullable String password) {
    static final int DEFAULT_PORT = 6_379;

    /**
     * Reads an address; a user and password inside it go before the topology's.
     *
     * @throws IllegalArgumentException when {@link #problems} has any
     */
    static CacheAddress of(URI uri, Topology topology) {
        List<String> problems = problems(uri);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        int port = uri.getPort() == -1 ? DEFAULT_PORT : uri.getPort();
        HostAndPort server = new HostAndPort(uri.getHost(), port);
        boolean tls = "rediss".equals(uri.getScheme());
        String user = uri.getUserInfo();
        if (user == null || user.indexOf(':') < 0) {
            return new CacheAddress(server, tls, topology.username(), topology.password());
        }
        String name = user.substring(0, user.indexOf(':'));
        return new CacheAddress(server, tls, name.isEmpty() ? null : name, user.substring(user.indexOf(':') + 1));
    }

    /** What keeps an address from being usable; never the address itself, which may carry a password. */
    static List<String> problems(URI uri) {
        if (!"redis".equals(uri.getScheme()) && !"rediss".equals(uri.getScheme())) {
            return List.of("its scheme is \"" + uri.getScheme() + "\", but must be redis or rediss");
        }
        if (uri.getHost() == null || uri.getHost().isEmpty()) {
            return List.of("it names no host");
        }
        String path = uri.getPath();
        if (path != null && !path.isEmpty() && !path.equals("/") && !path.equals("/0")) {
            return List.of("it names a database, but there is only database 0");
        }
        return List.of();
    }

    /** Never the password. */
    @Override
    public String toString() {
        return (tls ? "rediss://" : "redis://") + server;
    }
}
