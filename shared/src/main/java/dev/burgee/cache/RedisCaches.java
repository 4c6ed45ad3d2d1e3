package dev.burgee.cache;

import dev.burgee.failure.MisconfiguredException;
import dev.burgee.region.Region;
import dev.burgee.settings.Limits;
import dev.burgee.topology.Topology;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.SslOptions;

/**
 * The caches of all regions as seen from one: the only place that makes connections. This region's own cache is used with the
 * local limits, every other with the cross-region ones. Pools are made on first use, and connect when first asked.
 * Thread-safe; closing closes the pools.
 */
public final class RedisCaches implements AutoCloseable {
    private static final int CONNECTIONS_MAX = 16;

    /** An idle connection younger than this is used as it is. */
    private static final Duration IDLE_TRUSTED = Duration.ofSeconds(60);

    /**
     * Across regions a PING (one crossing) is cheaper than a new connection (three); servers and gateways drop a silent
     * connection after 300 s and more.
     */
    private static final Duration IDLE_KEPT_CROSS = Duration.ofSeconds(290);

    private final Topology topology;
    private final Region here;
    private final Limits limits;
    private final String clientName;
    private final Map<Region, Opened> opened = new ConcurrentHashMap<>();

    private record Opened(ConnectionPool pool, RedisFlagCache cache) {}

    /**
     * Checks the topology; connects to nothing.
     *
     * @param here the region that this process runs in ({@code AWS_REGION})
     * @param clientName what operators see in {@code CLIENT LIST}, for example {@code burgee-read-flag}
     * @throws MisconfiguredException listing every cache address that cannot work, or when the primary has none
     */
    public RedisCaches(Topology topology, Region here, Limits limits, String clientName) {
        List<String> problems = new ArrayList<>();
        if (!topology.caches().containsKey(topology.primary())) {
            problems.add("the primary region " + topology.primary() + " has no cache among "
                    + topology.caches().keySet());
        }
        topology.caches()
                .forEach((region, uri) -> CacheAddress.problems(uri)
                        .forEach(problem -> problems.add("the cache address of " + region + ": " + problem)));
        if (!problems.isEmpty()) {
            throw new MisconfiguredException("topology", problems);
        }
        this.topology = topology;
        this.here = here;
        this.limits = limits;
        this.clientName = clientName;
    }

    /** This region, if it has a cache of its own. */
    public Optional<Region> here() {
        return regions().contains(here) ? Optional.of(here) : Optional.empty();
    }

    /** The cache of a region. */
    public FlagCache of(Region region) {
        URI uri = topology.caches().get(region);
        if (uri == null) {
            throw new IllegalArgumentException("region " + region + " has no cache; " + regions() + " have");
        }
        return opened.computeIfAbsent(region, _ -> open(region, CacheAddress.of(uri, topology)))
                .cache();
    }

    /** The regions that have a cache, in the topology's order. */
    public Set<Region> regions() {
        return topology.caches().keySet();
    }

    @Override
    public void close() {
        opened.values().forEach(each -> each.pool().close());
        opened.clear();
    }

    private Opened open(Region region, CacheAddress address) {
        boolean isLocal = region.equals(here);
        Duration read = isLocal ? limits.localRead() : limits.crossRead();
        // the table of limits knows no local write: the home's own writers get the same time as those from afar, since
        // a
        // write that is given up is one that must be repeated
        ConnectionPool pool = pool(address, isLocal);
        return new Opened(
                pool,
                new RedisFlagCache(
                        region,
                        pool,
                        read,
                        limits.crossWrite(),
                        () -> UUID.randomUUID().toString()));
    }

    ConnectionPool pool(CacheAddress address, boolean isLocal) {
        AgedConnections connections = new AgedConnections(
                address.server(),
                clientConfig(address, isLocal),
                isLocal ? limits.localRead() : limits.crossRead(),
                IDLE_TRUSTED,
                isLocal ? IDLE_TRUSTED : IDLE_KEPT_CROSS);
        return new CachePool(connections, poolConfig(isLocal));
    }

    JedisClientConfig clientConfig(CacheAddress address, boolean isLocal) {
        Duration connect = isLocal ? limits.localConnect() : limits.crossConnect();
        Duration read = isLocal ? limits.localRead() : limits.crossRead();
        // each command brings its own limit; this one is for logging in, where from afar a connection that took long to
        // be
        // made would else miss a limit that is hardly more than one crossing
        Duration login = isLocal ? read : connect.plus(read);
        DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis(Math.toIntExact(connect.toMillis()))
                .socketTimeoutMillis(Math.toIntExact(login.toMillis()))
                .blockingSocketTimeoutMillis(Math.toIntExact(read.toMillis()))
                // RESP2 does for plain values, scripts and hashes; one HELLO carries the password, and nothing is tried
                // twice
                .resp2()
                .autoNegotiateProtocol(false)
                .database(0)
                // one round trip each, on every new connection: the name only where that costs nothing
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED);
        if (isLocal) {
            config.clientName(clientName);
        }
        if (address.username() != null) {
            config.user(address.username());
        }
        if (address.password() != null) {
            config.password(address.password());
        }
        if (address.tls()) {
            config.sslOptions(SslOptions.defaults());
        }
        return config.build();
    }

    ConnectionPoolConfig poolConfig(boolean isLocal) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(CONNECTIONS_MAX);
        pool.setMaxIdle(CONNECTIONS_MAX);
        // without an evictor this makes no connection ahead of need; it says that the last one to a far region is kept
        pool.setMinIdle(isLocal ? 0 : 1);
        pool.setBlockWhenExhausted(true);
        pool.setMaxWait(isLocal ? limits.localRead() : limits.crossRead());
        pool.setLifo(true);
        pool.setFairness(false);
        // judged by age (AgedConnections), on borrowing only
        pool.setTestOnBorrow(true);
        pool.setTestOnCreate(false);
        pool.setTestOnReturn(false);
        pool.setTestWhileIdle(false);
        // no background thread: it would not run while the function is frozen
        pool.setTimeBetweenEvictionRuns(Duration.ofMillis(-1));
        pool.setJmxEnabled(false);
        return pool;
    }
}
