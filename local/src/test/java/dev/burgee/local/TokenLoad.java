package dev.burgee.local;

import static dev.burgee.local.Geography.AP_SOUTHEAST_1;
import static dev.burgee.local.Geography.EU_WEST_1;
import static dev.burgee.local.Geography.US_EAST_1;

import dev.burgee.region.Region;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * Callers that carry a token through all regions, while replication into each region lags at random and the home moves. Each
 * writes a flag of its own now and then, and reads flags, lists and pages in between, in any region, with the position that
 * it has seen. What they do and how far the regions lag is the same again for the same seed; when it falls together is the
 * machine's.
 */
final class TokenLoad {
    private static final List<Region> REGIONS = List.of(US_EAST_1, EU_WEST_1, AP_SOUTHEAST_1);
    private static final int CALLERS = 18;
    private static final int PAGE_SIZE = 7;
    /** Of so many calls one is a write. */
    private static final int CALLS_PER_WRITE = 12;

    private static final int[] LAGS_MS = {0, 0, 3, 10, 30, 80, 200, 600};
    private static final int LAG_HOLDS_MS_MAX = 500;
    /** A 503 says when to come back; the caller does, so often. */
    private static final int TRIES_MAX = 5;

    private final World world;
    private final long seed;
    private final int readsEach;
    private final AtomicInteger reads = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(CALLERS);
    private final Queue<String> misses = new ConcurrentLinkedQueue<>();
    private final Queue<String> backward = new ConcurrentLinkedQueue<>();
    private final Queue<String> others = new ConcurrentLinkedQueue<>();
    private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger pages = new AtomicInteger();
    private final AtomicInteger lists = new AtomicInteger();
    private final AtomicInteger writes = new AtomicInteger();

    /**
     * A load on a world.
     *
     * @param reads at least so many in all
     */
    TokenLoad(World world, long seed, int reads) {
        this.world = world;
        this.seed = seed;
        this.readsEach = Math.ceilDiv(reads, CALLERS);
    }

    /** Reads that did not show the write that their token names: it, or something after it. */
    List<String> misses() {
        return List.copyOf(misses);
    }

    /** Reads that showed something older than their caller had seen before. */
    List<String> backward() {
        return List.copyOf(backward);
    }

    /** Answers of another kind than there should be. */
    List<String> others() {
        return List.copyOf(others);
    }

    /** Answered reads. */
    int reads() {
        return reads.get();
    }

    int lists() {
        return lists.get();
    }

    int pages() {
        return pages.get();
    }

    int writes() {
        return writes.get();
    }

    /** Reads that were told to come back. */
    int refused() {
        return refused.get();
    }

    Samples samples() {
        return Samples.ofReplies(List.copyOf(replies));
    }

    Map<String, Long> sources() {
        Map<String, Long> sources = new TreeMap<>();
        replies.forEach(reply -> sources.merge(reply.source(), 1L, Long::sum));
        return sources;
    }

    void run() {
        List<Callable<Integer>> actors = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            var caller = new Caller("caller-" + i, new Random(seed * 31 + i));
            actors.add(() -> {
                try {
                    return caller.run();
                } finally {
                    end.countDown();
                }
            });
        }
        actors.add(this::lag);
        actors.add(this::move);
        Parallel.run(actors);
        world.healAll();
    }

    private int lag() throws InterruptedException {
        RandomGenerator random = new Random(seed * 37);
        while (!end.await(50 + random.nextInt(LAG_HOLDS_MS_MAX), TimeUnit.MILLISECONDS)) {
            Region region = REGIONS.get(random.nextInt(REGIONS.size()));
            world.network().lag(region, Duration.ofMillis(LAGS_MS[random.nextInt(LAGS_MS.length)]));
        }
        return 0;
    }

    /** Once a third of the reads is done, and back after two thirds. */
    private int move() throws InterruptedException {
        for (int third = 1; third <= 2; third++) {
            while (reads.get() < third * CALLERS * readsEach / 3 && !end.await(20, TimeUnit.MILLISECONDS)) {
                // they read
            }
            world.promote(third == 1 ? EU_WEST_1 : US_EAST_1, third == 2);
        }
        return 0;
    }

    /** Not thread-safe. */
    private final class Caller {
        private final String flag;
        private final RandomGenerator random;
        private final List<Api> apis =
                REGIONS.stream().map(world::baseUri).map(Api::new).toList();
        /** By flag, the newest version that was seen; absence counts as none. */
        private final Map<String, Long> seen = new HashMap<>();

        private long token;
        private long written;
        private int done;

        Caller(String flag, RandomGenerator random) {
            this.flag = flag;
            this.random = random;
        }

        int run() {
            write();
            while (done < readsEach) {
                switch (random.nextInt(CALLS_PER_WRITE)) {
                    case 0 -> write();
                    case 1 -> list();
                    case 2 -> page();
                    case 3, 4, 5 -> read("caller-" + random.nextInt(CALLERS));
                    default -> read(flag);
                }
            }
            return done;
        }

        private void write() {
            Reply reply = api().put(flag, Api.document(flag + " " + done));
            writes.incrementAndGet();
            if (reply.isAccepted()) {
                written = reply.version();
                token = Math.max(token, reply.position());
            } else if (reply.status() != 503) {
                others.add(flag + ": " + reply);
            }
        }

        private void read(String key) {
            Reply reply = get("/" + key);
            if (reply.status() == 200 && reply.flag().get("version") instanceof Number version) {
                show(key, version.longValue(), reply);
            } else if (reply.status() == 404) {
                show(key, 0, reply);
            }
        }

        private void list() {
            lists.incrementAndGet();
            showAll(get(""));
        }

        /** All pages, each with the position of the one before. */
        private void page() {
            String after = "";
            do {
                pages.incrementAndGet();
                Reply reply = get("?limit=" + PAGE_SIZE + (after.isEmpty() ? "" : "&after=" + after));
                showAll(reply);
                after = reply.json().get("next") instanceof String next ? next : "";
            } while (!after.isEmpty());
        }

        private void showAll(Reply reply) {
            if (reply.json().get("flags") instanceof List<?> flags) {
                for (Object each : flags) {
                    if (each instanceof Map<?, ?> shown && shown.get("version") instanceof Number version) {
                        show(String.valueOf(shown.get("key")), version.longValue(), reply);
                    }
                }
            }
        }

        private void show(String key, long version, Reply reply) {
            if (key.equals(flag) && version < written) {
                misses.add(flag + " wrote version " + written + " and was shown " + version + ": " + reply);
            }
            long before = seen.merge(key, version, Math::max);
            if (version < before) {
                backward.add(flag + " saw " + key + " at version " + before + " and then " + version + ": " + reply);
            }
        }

        private Reply get(String path) {
            Reply reply = send(path);
            for (int tries = 1; tries < TRIES_MAX && reply.status() == 503; tries++) {
                refused.incrementAndGet();
                reply = send(path);
            }
            done++;
            if (reply.status() != 200 && reply.status() != 404) {
                others.add(flag + " at " + token + " " + path + ": " + reply);
                return reply;
            }
            reads.incrementAndGet();
            replies.add(reply);
            if (reply.position() < token) {
                misses.add(flag + " at " + token + " " + path + ": " + reply);
            }
            token = Math.max(token, reply.position());
            return reply;
        }

        private Reply send(String path) {
            return api().send("GET", "/api/config/flags" + path, "", "Burgee-Position", Long.toString(token));
        }

        private Api api() {
            return apis.get(random.nextInt(apis.size()));
        }
    }
}
