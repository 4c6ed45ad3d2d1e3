package dev.burgee.local;

import dev.burgee.region.Region;
import dev.burgee.servers.RedisNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

/**
 * The cache servers of all regions: the primary's, and those that replicate it over the network. Each follows what its own
 * region's control plane believes (see {@link GlobalDatastore}), as soon as it runs and is reached. Thread-safe.
 */
final class Caches implements AutoCloseable {
    static final String USERNAME = "burgee";

    private static final Duration SAMPLE_EVERY = Duration.ofMillis(50);
    private static final Duration REPLICATION_LIMIT = Duration.ofSeconds(20);
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    private final GlobalDatastore datastore;
    private final Network network;
    private final String password;
    private final Map<Region, RedisNode> nodes = new LinkedHashMap<>();
    private final Map<Region, CacheProbe> probes = new LinkedHashMap<>();
    // what each server was told last; guarded by this
    private final Map<Region, Optional<Region>> masters = new HashMap<>();
    private volatile boolean closed;
    private final ReplicationClock clock = new ReplicationClock();
    private final Thread sampler =
            Thread.ofPlatform().daemon().name("replication-sampler").unstarted(this::sampleUntilInterrupted);

    /** Servers that are not started yet, each with an address of its own. */
    Caches(Geography geography, Network network, FreePorts ports, String password) {
        this.datastore = new GlobalDatastore(geography, network::isIsolated);
        this.network = network;
        this.password = password;
        for (Region region : geography.regions()) {
            var node = new RedisNode(LeftoverCaches.NAME + region, ports.next(), USERNAME, password);
            nodes.put(region, node);
            probes.put(region, new CacheProbe(node.port(), USERNAME, password));
        }
    }

    GlobalDatastore datastore() {
        return datastore;
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
        settle();
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
            masters.remove(region);
            probe(region).close();
        }
        settle(region);
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
        requireAnswering(region);
        RedisNode node = node(region);
        follow(region, Optional.empty());
        node.flushAll();
        settle(region);
    }

    /**
     * Makes a region's cache writable and lets all others follow it: those that are cut off or do not run, once they are
     * back. The old primary's loses what the new one has not.
     *
     * @throws CacheNotRunningException when it does not run, or hangs
     * @throws PromotionRefusedException when its region is cut off
     */
    synchronized void promote(Region region) {
        requireAnswering(region);
        datastore.promote(region);
        settle();
    }

    /**
     * The same, as it is asked for at the control plane of one region.
     *
     * @throws CacheNotRunningException when the cache does not run, or hangs
     * @throws PromotionRefusedException as {@link GlobalDatastore#failover}
     */
    synchronized void failover(Region endpoint, Region next) {
        requireAnswering(next);
        datastore.failover(endpoint, next);
        settle();
    }

    /**
     * Makes a secondary's cache writable on its own; nobody follows it.
     *
     * @throws PromotionRefusedException as {@link GlobalDatastore#disassociate}
     */
    synchronized void disassociate(Region endpoint, Region leaving) {
        datastore.disassociate(endpoint, leaving);
        settle(leaving);
    }

    /** Tells caches that were cut off whom to follow now; to be called when a region was healed. */
    synchronized void rejoin() {
        datastore.spread();
        settle();
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

    /** The primary first: the others need one that takes them. */
    private synchronized void settle() {
        settle(datastore.primary());
        nodes.keySet().forEach(this::settle);
    }

    private synchronized void settle(Region region) {
        RedisNode node = node(region);
        if (node.isRunning() && !node.isStalled()) {
            follow(region, datastore.viewOf(region).masterOf(region));
        }
    }

    private synchronized void follow(Region region, Optional<Region> master) {
        // a server that has just started is told nothing yet and follows nobody
        if (masters.getOrDefault(region, Optional.empty()).equals(master)) {
            return;
        }
        if (master.isPresent()) {
            node(region).replicaOf("127.0.0.1", network.port(Link.replication(region, master.get())));
        } else {
            node(region).replicaOfNoOne();
        }
        masters.put(region, master);
    }

    private void awaitReplication() {
        long end = System.nanoTime() + REPLICATION_LIMIT.toNanos();
        for (Region region : nodes.keySet()) {
            while (!region.equals(datastore.primary()) && !isLinked(region)) {
                if (System.nanoTime() - end > 0) {
                    throw new IllegalStateException("the cache of " + region + " does not follow the primary's within "
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
        Region primary = datastore.primary();
        RedisNode node = node(primary);
        if (node.isRunning() && !node.isStalled()) {
            probe(primary)
                    .replication()
                    .ifPresent(info -> clock.primaryIsAt(
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

    private void requireAnswering(Region region) {
        requireRunning(region);
        if (node(region).isStalled()) {
            throw new CacheNotRunningException("the cache of " + region + " hangs: start it first");
        }
    }

    /** What a region's server says of itself: a section of {@code INFO}; empty when it does not answer. */
    Optional<Map<String, String>> info(Region region, String section) {
        return probe(region).info(section);
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
