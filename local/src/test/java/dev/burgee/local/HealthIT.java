package dev.burgee.local;

import static dev.burgee.local.Geography.AP_SOUTHEAST_1;
import static dev.burgee.local.Geography.EU_WEST_1;
import static dev.burgee.local.Geography.US_EAST_1;
import static dev.burgee.local.Geography.US_EAST_2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.json.Json;
import dev.burgee.region.Region;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What a region says of its health, over HTTP and at real distances, while parts of the world are lost. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class HealthIT {
    private static final List<Region> REGIONS = List.of(US_EAST_1, EU_WEST_1, AP_SOUTHEAST_1);

    /** What issue 5 promises of a health call. */
    private static final double ANSWER_MS_MAX = 100;

    private static final int CALLS = 40;

    /** Between two calls; all of them take longer than a lost ledger is waited for. */
    private static final Duration PAUSE = Duration.ofMillis(25);

    /** The machine may be busy with other things; a call that waits for what is lost does so every time. */
    private static final int TRIES = 3;

    private static final int FLAGS = 1_200;
    /** An import changes no more than 1,000. */
    private static final int IMPORT = 600;

    private static final int SAMPLE = 8;
    private static final Duration PULSE = Duration.ofSeconds(3);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final World world =
            World.start(WorldOptions.ofThreeRegions(Functions.shipped()).withPulse(PULSE));
    private final Truth truth = new Truth(world);

    @AfterAll
    void close() {
        truth.close();
        world.close();
    }

    // ---- from what is at hand

    @Test
    void aHealthCallAnswersFromWhatIsAtHandWhateverHangs() {
        Map<String, Runnable> faults = new LinkedHashMap<>();
        faults.put("nothing", () -> {});
        faults.put("every region's own cache", () -> REGIONS.forEach(world.caches()::stall));
        faults.put("the home's region", () -> world.network().isolate(US_EAST_1, true));
        faults.put(
                "every region of the ledger",
                () -> List.of(US_EAST_1, US_EAST_2)
                        .forEach(region -> world.network().isolate(region, true)));
        for (Map.Entry<String, Runnable> fault : faults.entrySet()) {
            int tries = 1;
            while (!isInTime(fault.getKey(), fault.getValue())) {
                assertThat(++tries)
                        .as("tries to be in time without " + fault.getKey())
                        .isLessThanOrEqualTo(TRIES);
            }
        }
    }

    /**
     * Whether no call in any region took longer than it may, but for what the machine adds: as much as the slowest of as many
     * calls that look at nothing took, on the same way and at the same time.
     */
    private boolean isInTime(String lost, Runnable lose) {
        truth.healAndConverge();
        Map<Region, WarmReader> readers = new LinkedHashMap<>();
        try {
            // warm, but none has been asked for its health: the first call begins all that one can wait for
            REGIONS.forEach(region -> {
                WarmReader reader = new WarmReader(world, region, 0);
                readers.put(region, reader);
                assertThat(reader.api().read("heal").status()).isEqualTo(200);
                timed(reader.api(), "/api/health/live");
            });
            lose.run();
            List<Times> times = Parallel.run(readers.values().stream()
                    .<Callable<Times>>map(reader -> () -> call(reader.api()))
                    .toList());
            double machineMs = times.stream()
                    .flatMap(region -> region.live().stream())
                    .max(Double::compare)
                    .orElseThrow();
            for (int i = 0; i < REGIONS.size(); i++) {
                List<Double> sorted = times.get(i).health().stream().sorted().toList();
                System.out.printf(
                        "health in %s without %s: %d calls, median %.1f ms, slowest %.1f ms; the machine alone: up to %.1f ms%n",
                        REGIONS.get(i),
                        lost,
                        sorted.size(),
                        sorted.get(sorted.size() / 2),
                        sorted.getLast(),
                        machineMs);
            }
            return times.stream()
                    .flatMap(region -> region.health().stream())
                    .allMatch(ms -> ms <= ANSWER_MS_MAX + machineMs);
        } finally {
            readers.values().forEach(WarmReader::close);
        }
    }

    private record Times(List<Double> live, List<Double> health) {}

    private static Times call(Api api) throws InterruptedException {
        Times times = new Times(new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < CALLS; i++) {
            times.live().add(timed(api, "/api/health/live"));
            times.health().add(timed(api, "/api/health"));
            Thread.sleep(PAUSE);
        }
        return times;
    }

    private static double timed(Api api, String path) {
        Reply reply = api.send("GET", path, "");
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.millis();
    }

    // ---- warm before it serves

    @Test
    void aRegionThatRejoinsIsLedCallersToWhenItsCacheIsWarm() {
        Api home = new Api(world.baseUri(US_EAST_1));
        truth.healAndConverge();
        importFlags(home, "first");
        truth.converge();
        try (WarmReader reader = new WarmReader(world, EU_WEST_1, 0)) {
            sample(reader.api(), "first");
            Await.until("eu-west-1 is ready", LIMIT, () -> isReady(reader));

            world.network().isolate(EU_WEST_1, true);
            world.caches().flush(EU_WEST_1);
            assertThat(truth.position(EU_WEST_1)).isEqualTo(-1);
            Await.until("the emptied region is not ready", PULSE, () -> !isReady(reader));
            importFlags(home, "second");
            // a replica says so much to its master before it gets anything that it stays empty for a few seconds
            world.network().lag(EU_WEST_1, Duration.ofSeconds(1));
            world.network().isolate(EU_WEST_1, false);

            Map<String, Integer> sources = new TreeMap<>();
            try (WarmReader cold = new WarmReader(world, EU_WEST_1, 0)) {
                assertThat(isReady(cold))
                        .as("a process that knows nothing yet, beside an empty cache")
                        .isFalse();
                long end = System.nanoTime() + LIMIT.toNanos();
                while (!isReady(reader) || !isReady(cold)) {
                    assertThat(System.nanoTime())
                            .as("not ready within " + LIMIT)
                            .isLessThan(end);
                    for (WarmReader each : List.of(reader, cold)) {
                        boolean empty = truth.position(EU_WEST_1) < 0;
                        Map<String, Integer> from = sample(each.api(), "second");
                        if (empty && truth.position(EU_WEST_1) < 0) {
                            from.forEach((source, reads) -> sources.merge(source, reads, Integer::sum));
                        }
                    }
                }
                System.out.println("reads beside an empty cache, by source: " + sources);
                assertThat(sources.keySet()).isNotEmpty().isSubsetOf("primary", "database");
                assertThat(truth.position(EU_WEST_1))
                        .isGreaterThanOrEqualTo(truth.model().end());
                for (WarmReader each : List.of(reader, cold)) {
                    assertThat(sample(each.api(), "second")).containsOnlyKeys("replica");
                }
            }
        } finally {
            world.healAll();
        }
    }

    private static boolean isReady(WarmReader reader) {
        Reply reply = reader.api().send("GET", "/api/health/ready", "");
        assertThat(reply.status()).as(reply.body()).isIn(200, 503);
        return reply.status() == 200;
    }

    private static void importFlags(Api home, String operation) {
        for (int first = 0; first < FLAGS; first += IMPORT) {
            Map<String, Object> flags = new LinkedHashMap<>();
            for (int i = first; i < first + IMPORT; i++) {
                flags.put("rejoin-" + i, Json.parse(Api.document(operation)));
            }
            Reply reply = home.send("POST", "/api/admin/import?mode=merge", Json.write(Map.of("flags", flags)));
            assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        }
    }

    /** Reads some flags, each of which must be as it was written last; answers how many came from where. */
    private static Map<String, Integer> sample(Api api, String operation) {
        Map<String, Integer> sources = new TreeMap<>();
        for (int i = 0; i < FLAGS; i += FLAGS / SAMPLE) {
            Reply reply = api.read("rejoin-" + i);
            assertThat(reply.status()).as(reply.body()).isEqualTo(200);
            assertThat(reply.metadata("op")).isEqualTo(operation);
            sources.merge(reply.source(), 1, Integer::sum);
        }
        return sources;
    }
}
