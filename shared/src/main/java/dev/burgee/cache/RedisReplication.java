package dev.burgee.cache;

import dev.burgee.region.Region;
import dev.burgee.settings.Limits;
import dev.burgee.topology.Topology;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.Protocol.Command;

/**
 * Replication of the server that the topology names for this region, by {@code ROLE} and {@code REPLICAOF}. Followers are
 * told the address that the topology has for the home; how they log in there ({@code masterauth}) and whether by TLS
 * ({@code tls-replication}) is the servers' own configuration. One connection per call. Thread-safe.
 */
public final class RedisReplication implements CacheReplication {
    private final Supplier<Topology> topology;
    private final Supplier<Optional<CacheLogin>> login;
    private final Region here;
    private final Limits limits;

    /**
     * Connects to nothing yet.
     *
     * @param login who may use {@code ROLE} and {@code REPLICAOF}; empty: the topology's user
     */
    public RedisReplication(
            Supplier<Topology> topology, Supplier<Optional<CacheLogin>> login, Region here, Limits limits) {
        this.topology = topology;
        this.login = login;
        this.here = here;
        this.limits = limits;
    }

    @Override
    public Role role() {
        return call(RedisReplication::role);
    }

    @Override
    public void lead() {
        call(connection -> {
            connection.executeCommand(
                    new CommandArguments(Command.REPLICAOF).add("NO").add("ONE"));
            return true;
        });
    }

    @Override
    public boolean follow(Region home) {
        CacheAddress master = address(topology.get(), home);
        String host = master.server().getHost();
        int port = master.server().getPort();
        return call(connection -> {
            if (role(connection) instanceof Role.Follower now && now.host().equals(host) && now.port() == port) {
                return false;
            }
            connection.executeCommand(
                    new CommandArguments(Command.REPLICAOF).add(host).add(Integer.toString(port)));
            return true;
        });
    }

    private static Role role(Connection connection) {
        if (connection.executeCommand(new CommandArguments(Command.ROLE)) instanceof List<?> answer
                && !answer.isEmpty()) {
            if (text(answer.getFirst()).equals("master")) {
                return new Role.Leader();
            }
            if (answer.size() >= 4 && answer.get(2) instanceof Long port) {
                return new Role.Follower(
                        text(answer.get(1)),
                        Math.toIntExact(port),
                        text(answer.get(3)).equals("connected"));
            }
        }
        throw new UnreadableFieldException("ROLE answered something else than master or slave");
    }

    private static String text(Object part) {
        return part instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(part);
    }

    private <T> T call(Function<Connection, T> work) {
        Topology now = topology.get();
        CacheAddress own = address(now, here);
        CacheAddress address = login.get()
                .map(as -> new CacheAddress(own.server(), own.tls(), as.username(), as.password()))
                .orElse(own);
        // with the time of far caches: nobody waits for this, and a busy server is no reason to leave it following the
        // wrong one
        Duration limit = limits.crossWrite();
        try (ConnectionPool pool = new RedisCaches(now, here, limits, "burgee-region-pulse").pool(address, false)) {
            return new CacheCalls(here, pool).run(limit, work);
        }
    }

    private static CacheAddress address(Topology topology, Region region) {
        URI uri = topology.caches().get(region);
        if (uri == null) {
            throw new IllegalArgumentException(
                    "region " + region + " has no cache; " + topology.caches().keySet() + " have");
        }
        return CacheAddress.of(uri, topology);
    }
}
