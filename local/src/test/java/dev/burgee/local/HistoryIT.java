package dev.burgee.local;

import static dev.burgee.local.Geography.AP_SOUTHEAST_1;
import static dev.burgee.local.Geography.EU_WEST_1;
import static dev.burgee.local.Geography.US_EAST_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.cache.CacheSnapshot;
import dev.burgee.region.Region;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Writers, readers and faults at random over the real servers; the recorded history must fit the log. {@code
 * -Dburgee.seed=N} plays one seed (the faults and what each caller does are the same again, their timing is the machine's),
 * {@code -Dburgee.history.seeds=N} and {@code -Dburgee.history.seconds=N} make it longer. Readers play it with their memory, and
 * without.
 */
@ParameterizedClass
@EnumSource(Memory.class)
@Timeout(300)
final class HistoryIT {
    private static final int SECONDS = Integer.getInteger("burgee.history.seconds", 15);
    private static final int KEYS = 12;
    private static final int TRIES_MAX = 4;
    private static final List<Region> REGIONS = List.of(US_EAST_1, EU_WEST_1, AP_SOUTHEAST_1);

    private final Memory memory;
    private final World world;
    private final Truth truth;

    HistoryIT(Memory memory) {
        this.memory = memory;
        // on a busy machine a healthy cache answers late at times, which in a region that is cut off counts as a loss;
        // and
        // from the farthest region the ledger takes most of a read's second as it is
        world = World.start(WorldOptions.ofThreeRegions(memory.functions())
                .with("BURGEE_LOCAL_READ_MS", "250")
                .with("BURGEE_WHOLE_READ_MS", "1300"));
        truth = new Truth(world);
    }

    static LongStream seeds() {
        Long seed = Long.getLong("burgee.seed");
        return seed != null
                ? LongStream.of(seed)
                : new Random().longs(Integer.getInteger("burgee.history.seeds", 1), 1, 1_000_000);
    }

    @AfterEach
    void close() {
        truth.close();
        world.close();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyAnswerFitsTheLogWhateverFails(long seed) throws Exception {
        System.out.println("seed " + seed + ", memory " + memory + ": -Dburgee.seed=" + seed);
        truth.healAndConverge();
        var play = new Play(seed);
        play.run();
        truth.healAndConverge();
        Model model = truth.model();

        List<String> problems = new HistoryCheck(model, List.copyOf(play.history)).problems();
        play.caches.forEach(snapshot -> problems.addAll(model.problems("a cache", snapshot)));

        System.out.println("seed " + seed + ": " + play.summary(model));
        assertThat(problems)
                .as("seed %s, memory %s, faults %s", seed, memory, play.chaos.happened())
                .isEmpty();
    }

    /** One run. */
    private final class Play {
        private final long seed;
        private final Chaos chaos;
        private final CountDownLatch end = new CountDownLatch(1);
        private final Queue<Recorded> history = new ConcurrentLinkedQueue<>();
        private final Queue<CacheSnapshot> caches = new ConcurrentLinkedQueue<>();
        /** The highest position that any writer was told. */
        private final AtomicLong told = new AtomicLong();

        Play(long seed) {
            this.seed = seed;
            this.chaos = new Chaos(world, truth, new Random(seed));
        }

        void run() {
            List<Region> warmIn = List.of(EU_WEST_1, EU_WEST_1, AP_SOUTHEAST_1, AP_SOUTHEAST_1, US_EAST_1);
            List<WarmReader> warm = new ArrayList<>();
            for (Region region : warmIn) {
                warm.add(warm(region, warm.size() % 2 == 0 ? 0 : 250));
            }
            List<Callable<Integer>> actors = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                Region region = REGIONS.get(i % 3);
                Writer writer = new Writer("writer" + i, region, new Random(seed * 31 + i));
                actors.add(() -> writer.run());
            }
            for (int i = 0; i < warm.size(); i++) {
                Api api = warm.get(i).api();
                Reader reader =
                        new Reader("warm" + i, List.of(warmIn.get(i)), List.of(api), false, new Random(seed * 37 + i));
                actors.add(reader::run);
            }
            List<Api> everywhere =
                    REGIONS.stream().map(world::baseUri).map(Api::new).toList();
            actors.add(new Reader("bearer0", REGIONS, everywhere, true, new Random(seed * 41))::run);
            actors.add(new Reader("bearer1", REGIONS, everywhere, true, new Random(seed * 43))::run);
            actors.add(new Reader("any0", REGIONS, everywhere, false, new Random(seed * 47))::run);
            actors.add(this::sample);
            actors.add(() -> {
                chaos.runUntil(end);
                return 0;
            });
            actors.add(() -> {
                assertThat(end.await(SECONDS, TimeUnit.SECONDS)).isFalse();
                end.countDown();
                return 0;
            });
            try {
                Parallel.run(actors);
                assertThat(warm).extracting(WarmReader::processes).containsOnly(1);
            } finally {
                warm.forEach(WarmReader::close);
            }
        }

        private WarmReader warm(Region region, int windowMs) {
            return new WarmReader(
                    world,
                    region,
                    Map.of(
                            "BURGEE_FRESHNESS_WINDOW_MS",
                            Integer.toString(windowMs),
                            "BURGEE_LOCAL_READ_MS",
                            "250",
                            "BURGEE_WHOLE_READ_MS",
                            "1300"),
                    memory);
        }

        private boolean goesOn() {
            return end.getCount() > 0;
        }

        private int sample() throws InterruptedException {
            while (!end.await(20, TimeUnit.MILLISECONDS)) {
                for (Region region : REGIONS) {
                    if (!world.caches().node(region).isStalled()) {
                        Optional<CacheSnapshot> snapshot = truth.snapshot(region);
                        snapshot.ifPresent(caches::add);
                    }
                }
            }
            return 0;
        }

        String summary(Model model) {
            return model.end() + " entries, " + caches.size() + " caches seen, faults " + chaos.happened()
                    + ", answers "
                    + history.stream()
                            .collect(Collectors.groupingBy(
                                    recorded -> recorded.call() + " "
                                            + recorded.reply().status() + " "
                                            + recorded.reply().source(),
                                    TreeMap::new,
                                    Collectors.counting()));
        }

        /** Reads one after the other; one with tokens carries the highest position that it has seen. */
        private final class Reader {
            private final String who;
            private final List<Region> regions;
            private final List<Api> apis;
            private final boolean bearer;
            private final RandomGenerator random;
            private long seen;

            Reader(String who, List<Region> regions, List<Api> apis, boolean bearer, RandomGenerator random) {
                this.who = who;
                this.regions = regions;
                this.apis = apis;
                this.bearer = bearer;
                this.random = random;
            }

            int run() {
                while (goesOn()) {
                    int at = random.nextInt(apis.size());
                    // what a writer was told, this reader may ask for
                    long token = !bearer ? 0 : random.nextInt(3) == 0 ? Math.max(seen, told.get()) : seen;
                    String[] headers =
                            token == 0 ? new String[0] : new String[] {"Burgee-Position", Long.toString(token)};
                    boolean list = random.nextInt(8) == 0;
                    String key = list ? "" : key(random);
                    Reply reply =
                            list ? apis.get(at).list(headers) : apis.get(at).read(key, headers);
                    history.add(new Recorded(
                            who,
                            regions.get(at),
                            list ? Recorded.Call.LIST : Recorded.Call.READ,
                            key,
                            "",
                            0,
                            token,
                            reply));
                    seen = Math.max(seen, reply.position());
                }
                return 0;
            }
        }

        /** Writes one after the other. */
        private final class Writer {
            private final String who;
            private final Region region;
            private final Api api;
            private final RandomGenerator random;
            private final Map<String, Long> versions = new HashMap<>();
            private int operations;

            Writer(String who, Region region, RandomGenerator random) {
                this.who = who;
                this.region = region;
                this.api = new Api(world.baseUri(region));
                this.random = random;
            }

            int run() {
                while (goesOn()) {
                    write();
                }
                return operations;
            }

            private void write() {
                String key = key(random);
                String operation = "s" + seed + "-" + who + "-" + operations++;
                Recorded.Call call = switch (random.nextInt(10)) {
                    case 0 -> Recorded.Call.DELETE;
                    case 1, 2 -> Recorded.Call.INVALIDATE;
                    case 3, 4, 5 -> Recorded.Call.PUT;
                    default -> Recorded.Call.PATCH;
                };
                long ifMatch = random.nextInt(3) == 0 ? versions.getOrDefault(key, 0L) : 0;
                boolean repeatable = random.nextInt(2) == 0;
                boolean again = repeatable && random.nextInt(4) == 0;
                Reply reply = send(call, key, operation, ifMatch, repeatable);
                for (int tries = 1; repeatable && tries < TRIES_MAX && reply.status() == 503; tries++) {
                    reply = send(call, key, operation, ifMatch, true);
                }
                if (again && reply.isAccepted()) {
                    reply = send(call, key, operation, ifMatch, true);
                }
                if (reply.isAccepted()) {
                    told.accumulateAndGet(reply.position(), Math::max);
                    versions.put(key, reply.version());
                }
            }

            private Reply send(Recorded.Call call, String key, String operation, long ifMatch, boolean repeatable) {
                List<String> with = new ArrayList<>();
                if (ifMatch > 0) {
                    with.addAll(List.of("If-Match", "\"" + ifMatch + "\""));
                }
                if (repeatable) {
                    with.addAll(List.of("Idempotency-Key", operation));
                }
                String[] headers = with.toArray(String[]::new);
                Reply reply = switch (call) {
                    case PUT -> api.put(key, Api.document(operation), headers);
                    case PATCH ->
                        api.patchFlag(
                                key,
                                "{\"metadata\":{\"op\":\"" + operation + "\",\"" + who + "\":\"" + operation + "\"}}",
                                headers);
                    case DELETE -> api.delete(key, headers);
                    case INVALIDATE -> api.invalidate(key, headers);
                    case READ, LIST -> throw new IllegalArgumentException(call + " writes nothing");
                };
                history.add(new Recorded(who, region, call, key, operation, ifMatch, 0, reply));
                return reply;
            }
        }
    }

    private static String key(RandomGenerator random) {
        return "flag-" + random.nextInt(KEYS);
    }
}
