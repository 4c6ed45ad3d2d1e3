package dev.burgee.local.drill;

import dev.burgee.local.drill.ReadSeen.Read;
import dev.burgee.local.drill.WriteSeen.Answer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Steady load in all regions: readers of single flags with and without a token, readers of lists, writers of flags of their
 * own and of shared ones. Writes begin on time, whatever became of those before. Thread-safe.
 */
final class Load implements AutoCloseable {
    // rates for three regions on two processors; more regions share them
    private static final int READ_EVERY_MS = 90;
    private static final int TOKEN_EVERY_MS = 120;
    private static final int LIST_EVERY_MS = 400;
    private static final int RATES_ARE_FOR_REGIONS = 3;
    private static final int READERS = 2;
    /** Fewer than a function's execution environments, so that probes find some. */
    private static final int WRITES_OPEN_MAX = 3;
    /** As long as {@code Retry-After} asks. */
    private static final Duration BEFORE_A_REPEAT = Duration.ofSeconds(1);

    private static final Duration END_LIMIT = Duration.ofSeconds(20);

    private final List<Site> sites;
    private final DrillFlags flags;
    private final Observations observations;
    private final int writesPerSecond;
    private final String id;
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final ExecutorService writes = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicLong operations = new AtomicLong();
    private final AtomicInteger writesOpen = new AtomicInteger();
    private volatile boolean running = true;
    private volatile boolean writing = true;

    /**
     * Does nothing yet.
     *
     * @param writesPerSecond of all regions together
     * @param id of the drill, unique in the world
     */
    Load(List<Site> sites, DrillFlags flags, Observations observations, int writesPerSecond, String id) {
        this.sites = List.copyOf(sites);
        this.flags = flags;
        this.observations = observations;
        this.writesPerSecond = writesPerSecond;
        this.id = id;
    }

    void start(SplittableRandom random) {
        int writeEveryMs = 1_000 * sites.size() / writesPerSecond;
        for (Site site : sites) {
            for (int i = 1; i <= READERS; i++) {
                start(random.split(), shared(READ_EVERY_MS), reader(site, "reader-" + i));
            }
            start(random.split(), shared(TOKEN_EVERY_MS), bearer(site));
            start(
                    random.split(),
                    shared(LIST_EVERY_MS),
                    _ -> site.list(
                            new Read("lister-" + site.region(), site.region(), flags.all(), 0), DrillFlags.PREFIX));
            start(random.split(), writeEveryMs, writer(site));
        }
    }

    /** A name for a write that nobody else has. */
    String operation(Site site) {
        return id + "-" + site.region() + "-" + operations.incrementAndGet();
    }

    /** Begins no write until {@link #resumeWrites}. */
    void pauseWrites() {
        writing = false;
    }

    void resumeWrites() {
        writing = true;
    }

    /** Whether every write that was begun has ended. */
    boolean isWriteQuiet() {
        return writesOpen.get() == 0;
    }

    /** Begins nothing more, and waits for what was begun. */
    @Override
    public void close() {
        running = false;
        // first those who begin writes
        end(callers);
        end(writes);
    }

    private static void end(ExecutorService threads) {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private interface Turn {
        void take(RandomGenerator random);
    }

    private int shared(int everyMs) {
        return everyMs * Math.max(RATES_ARE_FOR_REGIONS, sites.size()) / RATES_ARE_FOR_REGIONS;
    }

    private void start(RandomGenerator random, int meanMs, Turn turn) {
        callers.execute(() -> {
            while (running) {
                Clock.pause(Duration.ofMillis(random.nextInt(meanMs / 2, meanMs * 3 / 2)));
                turn.take(random);
            }
        });
    }

    private Turn reader(Site site, String name) {
        String caller = name + "-" + site.region();
        Map<String, Long> known = new HashMap<>();
        return random -> {
            String flag = any(List.copyOf(flags.all()), random);
            long version = random.nextBoolean() ? known.getOrDefault(flag, 0L) : 0;
            ReadSeen seen = site.read(new Read(caller, site.region(), Set.of(flag), 0), version);
            known.putAll(seen.shown().versions());
        };
    }

    /** Shows the position of its last answer, or that of the newest write, as if the writer had handed it over. */
    private Turn bearer(Site site) {
        String caller = "bearer-" + site.region();
        var last = new AtomicLong();
        return random -> {
            long token = Math.max(last.get(), random.nextBoolean() ? observations.newest() : 0);
            if (token > 0) {
                String flag = any(List.copyOf(flags.all()), random);
                ReadSeen seen = site.read(new Read(caller, site.region(), Set.of(flag), token), 0);
                if (seen.isAnswered()) {
                    last.set(seen.shown().position());
                }
            } else {
                last.set(observations.newest());
            }
        };
    }

    private Turn writer(Site site) {
        var open = new AtomicInteger();
        return random -> {
            if (writing && open.get() < WRITES_OPEN_MAX) {
                List<String> some = random.nextInt(3) == 0 ? flags.shared() : flags.ownOf(site.region());
                String flag = any(some, random);
                boolean patch = some.equals(flags.shared()) || random.nextBoolean();
                boolean repeats = random.nextBoolean();
                open.incrementAndGet();
                writesOpen.incrementAndGet();
                writes.execute(() -> {
                    try {
                        write(site, flag, patch, repeats);
                    } finally {
                        open.decrementAndGet();
                        writesOpen.decrementAndGet();
                    }
                });
            }
        };
    }

    private void write(Site site, String flag, boolean patch, boolean repeats) {
        String operation = operation(site);
        WriteSeen seen = attempt(site, flag, patch, operation);
        if (seen.answer() == Answer.UNKNOWN && repeats && running) {
            Clock.pause(BEFORE_A_REPEAT);
            attempt(site, flag, patch, operation);
        }
    }

    private static WriteSeen attempt(Site site, String flag, boolean patch, String operation) {
        return patch ? site.patch(flag, operation) : site.put(flag, operation);
    }

    private static String any(List<String> some, RandomGenerator random) {
        return some.get(random.nextInt(some.size()));
    }
}
