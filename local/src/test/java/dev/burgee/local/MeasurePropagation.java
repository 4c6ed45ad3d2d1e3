package dev.burgee.local;

import dev.burgee.ledger.Position;
import dev.burgee.region.Region;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * A world with its distances, in which it is measured how soon writes are seen everywhere, how many reads the caches answer,
 * and what a read costs a cache's server. Not thread-safe.
 */
public final class MeasurePropagation implements AutoCloseable {
    private static final String KEY = "seen";
    private static final Duration SEEN_MAX = Duration.ofSeconds(10);
    private static final int PAUSE_MS_MAX = 100;

    private static final int FLAGS = 20;
    private static final Duration BETWEEN_READS = Duration.ofMillis(5);
    private static final Duration BETWEEN_WRITES = Duration.ofMillis(500);
    /** Each so many writes one is an invalidation. */
    private static final int INVALIDATION_EVERY = 2;

    private final World world;
    private final Truth truth;
    private final Region home;
    private final Random random = new Random(1);

    private MeasurePropagation(World world) {
        this.world = world;
        this.truth = new Truth(world);
        this.home = world.geography().home();
    }

    /** Starts the world and waits until every cache holds the same. */
    public static MeasurePropagation start(int regions) {
        World world =
                World.start(WorldOptions.ofThreeRegions(Functions.shipped()).withRegions(regions));
        var started = new MeasurePropagation(world);
        try {
            started.truth.healAndConverge();
            return started;
        } catch (RuntimeException | Error e) {
            started.close();
            throw e;
        }
    }

    /**
     * How soon writes were seen.
     *
     * @param beyondMs for each write and region the milliseconds between the home's cache having it and the end of the first
     *     answer there that shows it, less the one-way time; what looking costs is in them
     * @param machineMs what the machine alone may have added to an answer meanwhile, in the mean
     */
    public record Seen(List<Double> beyondMs, double machineMs) {
        public Seen {
            beyondMs = List.copyOf(beyondMs);
        }
    }

    /**
     * Writes in the home region, one after the other, while one warm process per region reads all the time, at freshness
     * window 0 and without a token.
     */
    public Seen beyondOneWay(int writes) {
        // on a small machine all looks together must leave time for what is looked at
        Duration pause = Duration.ofMillis(world.geography().regions().size() > 3 ? 8 : 1);
        Map<Region, WarmReader> readers = new LinkedHashMap<>();
        Map<Region, Watch> watches = new LinkedHashMap<>();
        MachineNoise noise = new MachineNoise();
        try (var atHome = new Watch("home", this::positionAtHome)) {
            for (Region region : world.geography().regions()) {
                WarmReader reader = new WarmReader(world, region, 0);
                readers.put(region, reader);
                watches.put(
                        region,
                        new Watch(
                                region.code(),
                                pause,
                                () -> reader.api().read(KEY).position()));
            }
            Api api = new Api(world.baseUri(home));
            seen(api, "warm up", atHome, watches);
            List<Double> beyond = new ArrayList<>();
            for (int i = 0; i < writes; i++) {
                long position = seen(api, "write " + i, atHome, watches);
                watches.forEach(
                        (region, watch) -> beyond.add((watch.seenAtNanos(position) - atHome.seenAtNanos(position)) / 1e6
                                - world.geography().oneWay(home, region).toNanos() / 1e6));
                LockSupport.parkNanos(
                        Duration.ofMillis(random.nextInt(PAUSE_MS_MAX)).toNanos());
            }
            return new Seen(beyond, noise.addedMs());
        } finally {
            noise.stop();
            watches.values().forEach(Watch::close);
            readers.values().forEach(WarmReader::close);
        }
    }

    /** Writes, and waits until all have seen it. */
    private static long seen(Api api, String what, Watch atHome, Map<Region, Watch> watches) {
        Reply reply = api.put(KEY, Api.document(what));
        if (!reply.isAccepted()) {
            throw new IllegalStateException(what + ": " + reply.body());
        }
        long position = reply.position();
        Await.until(
                what + " is seen",
                SEEN_MAX,
                () -> atHome.hasSeen(position) && watches.values().stream().allMatch(watch -> watch.hasSeen(position)));
        return position;
    }

    private long positionAtHome() {
        Position position = truth.cache(home).head().position();
        return position == null ? -1 : position.number();
    }

    /**
     * Reads without a token in every region, from the functions as they are configured, while each second a flag is changed
     * and another invalidated.
     *
     * @return how many of them the ledger answered ({@code CacheMiss}), as a share of those that it, a cache or memory did,
     *     in percent
     */
    public double missPercent(Duration time) {
        Api writer = new Api(world.baseUri(home));
        for (int i = 0; i < FLAGS; i++) {
            writer.put("hit-" + i, Api.document("hit"));
        }
        truth.converge();
        long since = System.currentTimeMillis();
        long end = System.nanoTime() + time.toNanos();
        List<Thread> readers = world.geography().regions().stream()
                .map(region -> Thread.ofPlatform()
                        .daemon()
                        .name("reader-" + region)
                        .start(() -> readUntil(end, new Api(world.baseUri(region)))))
                .toList();
        for (int i = 0; System.nanoTime() < end; i++) {
            String key = "hit-" + i % FLAGS;
            if (i % INVALIDATION_EVERY == 0) {
                writer.invalidate(key);
            } else {
                writer.patchFlag(key, Api.patch("op", "hit " + i));
            }
            LockSupport.parkNanos(BETWEEN_WRITES.toNanos());
        }
        readers.forEach(MeasurePropagation::join);
        List<String> lines = world.output().metrics().since(since);
        long hits = EmfSum.of("CacheHit", lines);
        long misses = EmfSum.of("CacheMiss", lines);
        if (hits + misses == 0) {
            throw new IllegalStateException("no read was counted");
        }
        return 100.0 * misses / (hits + misses);
    }

    private static void readUntil(long end, Api api) {
        for (int i = 0; System.nanoTime() < end; i++) {
            api.read("hit-" + i % FLAGS);
            LockSupport.parkNanos(BETWEEN_READS.toNanos());
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(Duration.ofSeconds(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * What one reading process is to its region's cache.
     *
     * @param serverMicros the CPU time that the server takes for a read with one round trip, all that it does beside it
     *     included
     * @param connections how many more the server has with it than without
     */
    public record Load(double serverMicros, double connections) {}

    /** Reads one after the other, each with a round trip. */
    public Load load(int reads) {
        Region replica = world.geography().regions().getLast();
        double without = info(replica, "clients", "connected_clients");
        try (var reader = new WarmReader(world, replica, 0)) {
            for (int i = 0; i < reads / 10; i++) {
                reader.api().read(KEY);
            }
            // at once: connections of others come and go
            double connections = info(replica, "clients", "connected_clients") - without;
            double before = cpuSeconds(replica);
            for (int i = 0; i < reads; i++) {
                reader.api().read(KEY);
            }
            return new Load((cpuSeconds(replica) - before) * 1e6 / reads, connections);
        }
    }

    /** The bytes that leave the home's cache for each write and replica. */
    public double replicationBytes(int writes) {
        Api api = new Api(world.baseUri(home));
        double before = info(home, "stats", "total_net_repl_output_bytes");
        long last = 0;
        for (int i = 0; i < writes; i++) {
            last = api.put(KEY, Api.document("bytes " + i)).position();
        }
        long end = last;
        Await.until(
                "the last write is at the replicas",
                SEEN_MAX,
                () -> world.geography().regions().stream().allMatch(region -> truth.position(region) >= end));
        int replicas = world.geography().regions().size() - 1;
        return (info(home, "stats", "total_net_repl_output_bytes") - before) / writes / replicas;
    }

    private double cpuSeconds(Region region) {
        return info(region, "cpu", "used_cpu_user") + info(region, "cpu", "used_cpu_sys");
    }

    private double info(Region region, String section, String name) {
        return Double.parseDouble(
                world.caches().info(region, section).orElseThrow().getOrDefault(name, "NaN"));
    }

    @Override
    public void close() {
        truth.close();
        world.close();
    }
}
