package dev.burgee.local;

import dev.burgee.region.Region;
import dev.burgee.servers.RedisNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

/** The cache servers of all regions: the home's, and those that replicate it over the network. Thread-safe. */
final class Caches implements AutoCloseable {
    static final String USERNAME = "burgee";

    private static final Duration SAMPLE_EVERY = Duration.ofMillis(50);
    private static final Duration REPLICATION_LIMIT = Duration.ofSeconds(20);
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    private final Region home;
    private final Network network;
    private final String password;
    private final Map<Region, RedisNode> nodes = new LinkedHashMap<>();
    private final Map<Region, CacheProbe> probes = new LinkedHashMap<>();
    private volatile boolean closed;
    private final ReplicationClock clock = new ReplicationClock();
    private final Thread sampler =
            Thread.ofPlatform().daemon().name("replication-sampler").unstarted(this::sampleUntilInterrupted);

    /** Servers that are not started yet, each with an address of its own. */
    Caches(Geography geography, Network network, FreePorts ports, String password) {
        this.home = geography.home();
        this.network = network;
        this.password = password;
        for (Region region : geography.regions()) {
            var node = new RedisNode(LeftoverCaches.NAME + region, ports.next(), USERNAME, password);
            nodes.put(region, node);
            probes.put(region, new CacheProbe(node.port(), USERNAME, password));
        }
    }

    String password() {
        return password;
    }

    RedisNode node(Region region) {
        RedisNode node = nodes.get(region);
        if (node == null) {
            throw new IllegalArgumentException("region " + region + " has no cache");
        }
        return node;
    }

    /** Starts all servers at once and waits until all replicas follow. */
    void startAll(Executor threads) {
        CompletableFuture.allOf(nodes.values().stream()
                        .map(node -> CompletableFuture.runAsync(() -> startUnlessClosed(node), threads))
                        .toArray(CompletableFuture<?>[]::new))
                .join();
        nodes.keySet().forEach(this::follow);
        awaitReplication();
        sampler.start();
    }

    /** Restarts a stopped server, empty; lets a hung one go on; does nothing to one that runs. */
    synchronized void start(Region region) {
        RedisNode node = node(region);
        if (node.isStalled()) {
            node.resume();
        } else if (!node.isRunning()) {
            startUnlessClosed(node);
            probe(region).close();
            follow(region);
        }
    }

    synchronized void stop(Region region) {
        node(region).stop();
        probe(region).close();
    }

    /**
     * Hangs a server.
     *
     * @throws CacheNotRunningException when it does not run
     */
    synchronized void stall(Region region) {
        requireRunning(region);
        node(region).stall();
    }

    /**
     * Empties a server; a replica resynchronises in full afterwards.
     *
     * @throws CacheNotRunningException when it does not run, or hangs
     */
    synchronized void flush(Region region) {
        requireRunning(region);
        RedisNode node = node(region);
        if (node.isStalled()) {
            throw new CacheNotRunningException("the cache of " + region + " hangs: start it first");
        }
        if (!region.equals(home)) {
            node.replicaOfNoOne();
        }
        node.flushAll();
        follow(region);
    }

    CacheStatus status(Region region) {
        RedisNode node = node(region);
        if (!node.isRunning() || node.isStalled()) {
            return CacheStatus.SILENT;
        }
        CacheProbe probe = probe(region);
        return probe.replication()
                .map(info -> {
                    boolean replica = "slave".equals(info.get("role"));
                    return new CacheStatus(
                            replica ? "replica" : "primary",
                            true,
                            probe.position(),
                            replica ? lag(info) : OptionalLong.empty());
                })
                .orElse(CacheStatus.SILENT);
    }

    @Override
    public void close() {
        closed = true;
        sampler.interrupt();
        probes.values().forEach(CacheProbe::close);
        nodes.values().forEach(RedisNode::close);
    }

    /** The server's own lock is held from the look to the start: a world that ends while it starts leaves no process. */
    private void startUnlessClosed(RedisNode node) {
        synchronized (node) {
            if (closed) {
                throw new IllegalStateException("the world is ending");
            }
            node.start();
        }
    }

    private void follow(Region region) {
        if (!region.equals(home)) {
            node(region).replicaOf("127.0.0.1", network.port(Link.replication(region, home)));
        }
    }

    private void awaitReplication() {
        long end = System.nanoTime() + REPLICATION_LIMIT.toNanos();
        for (Region region : nodes.keySet()) {
            while (!region.equals(home) && !isLinked(region)) {
                if (System.nanoTime() - end > 0) {
                    throw new IllegalStateException("the cache of " + region + " does not follow the home's within "
                            + REPLICATION_LIMIT.toSeconds() + " s");
                }
                LockSupport.parkNanos(LOOK_EVERY.toNanos());
            }
        }
    }

    private boolean isLinked(Region region) {
        return probe(region)
                .replication()
                .map(info -> "up".equals(info.get("master_link_status")))
                .orElse(false);
    }

    private void sampleUntilInterrupted() {
        while (!Thread.currentThread().isInterrupted()) {
            sample();
            LockSupport.parkNanos(SAMPLE_EVERY.toNanos());
        }
    }

    private void sample() {
        RedisNode node = node(home);
        if (node.isRunning() && !node.isStalled()) {
            probe(home)
                    .replication()
                    .ifPresent(info -> clock.homeIsAt(
                            info.getOrDefault("master_replid", ""),
                            number(info, "master_repl_offset"),
                            System.nanoTime()));
        }
    }

    private OptionalLong lag(Map<String, String> info) {
        return clock.lagMs(
                info.getOrDefault("master_replid", "none"), number(info, "slave_repl_offset"), System.nanoTime());
    }

    private void requireRunning(Region region) {
        if (!node(region).isRunning()) {
            throw new CacheNotRunningException("the cache of " + region + " does not run: start it first");
        }
    }

    private CacheProbe probe(Region region) {
        CacheProbe probe = probes.get(region);
        if (probe == null) {
            throw new IllegalArgumentException("region " + region + " has no cache");
        }
        return probe;
    }

    private static long number(Map<String, String> info, String name) {
        try {
            return Long.parseLong(info.getOrDefault(name, "0"));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
