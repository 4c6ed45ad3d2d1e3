package dev.burgee.local;

import static dev.burgee.local.Geography.AP_SOUTHEAST_1;
import static dev.burgee.local.Geography.EU_WEST_1;
import static dev.burgee.local.Geography.US_EAST_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.cache.CachedFlag;
import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.json.Json;
import dev.burgee.region.Region;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The story of docs/acceptance.md, region by region over real servers: which cache answers, which is written, what the
 * writer is told, what the logs show.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class ThreeRegionsIT {
    private static final List<Region> REGIONS = List.of(US_EAST_1, EU_WEST_1, AP_SOUTHEAST_1);
    /** What the design promises of an invalidation; machines that build are slower than those that serve. */
    private static final Duration INVALID_WITHIN = Duration.ofSeconds(2);

    private static final Duration SEEN_WITHIN = Duration.ofSeconds(3);
    /** Long enough to look at a replica that has not got it yet. */
    private static final Duration LAG = Duration.ofSeconds(3);

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final World world = World.start(WorldOptions.ofThreeRegions(Functions.shipped()));
    private final Truth truth = new Truth(world);

    @AfterEach
    void heal() {
        world.healAll();
    }

    @AfterAll
    void close() {
        truth.close();
        world.close();
    }

    private Api api(Region region) {
        return new Api(world.baseUri(region));
    }

    private static Reply accepted(Reply reply) {
        assertThat(reply.status()).as(reply.body()).isIn(200, 201);
        return reply;
    }

    // ---- reads here, writes there

    @ParameterizedTest
    @ValueSource(strings = {"us-east-1", "eu-west-1", "ap-southeast-1"})
    void eachRegionReadsItsOwnCacheAndWritesThePrimary(String code) {
        Region region = new Region(code);
        String key = "split-" + code;
        boolean atHome = region.equals(US_EAST_1);
        accepted(api(region).put(key, Api.document("first")));
        truth.healAndConverge();
        try (var reader = new WarmReader(world, region, 0)) {
            assertThat(reader.api().read(key).source()).isEqualTo(atHome ? "primary" : "replica");
            REGIONS.stream()
                    .filter(each -> !each.equals(US_EAST_1))
                    .forEach(each -> world.network().lag(each, LAG));

            Reply set = accepted(api(region).put(key, Api.document("second")));
            assertThat(op(truth, US_EAST_1, key)).as("set, in the primary").isEqualTo("second");
            assertThat(op(truth, EU_WEST_1, key)).as("set, in a replica").isEqualTo("first");
            Reply lagging = reader.api().read(key);
            assertThat(lagging.metadata("op")).isEqualTo(atHome ? "second" : "first");
            assertThat(lagging.source()).isEqualTo(atHome ? "primary" : "replica");

            Reply deleted = accepted(api(region).delete(key));
            assertThat(field(US_EAST_1, key)).as("deleted, in the primary").isInstanceOf(FlagState.Deleted.class);
            assertThat(field(EU_WEST_1, key)).as("deleted, in a replica").isInstanceOf(FlagState.Live.class);
            // whoever has seen the deletion is not shown the flag again: the primary answers, or the ledger
            Reply afterwards = reader.api().readAt(key, deleted.position());
            assertThat(afterwards.status()).as(afterwards.body()).isEqualTo(404);
            assertThat(afterwards.source()).isEqualTo("primary");
            assertThat(deleted.position()).isGreaterThan(set.position());
        }
        world.healAll();
        for (Region each : REGIONS) {
            Await.until(
                    "the deletion is in " + each,
                    LIMIT,
                    () -> field(each, key) instanceof FlagState.Deleted
                            && api(each).read(key).status() == 404);
        }
    }

    // ---- what a writer is told

    @Test
    void aCrossRegionWriteSaysThatItPropagatesAndLogsBothRegions() {
        long since = System.currentTimeMillis();

        Reply created = api(AP_SOUTHEAST_1).put("told", Api.document("created"));
        Reply changed = api(EU_WEST_1).patchFlag("told", Api.patch("op", "changed"));

        assertThat(created.status()).as(created.body()).isEqualTo(201);
        assertThat(changed.status()).as(changed.body()).isEqualTo(200);
        for (Reply reply : List.of(created, changed)) {
            assertThat(reply.json().get("message")).isEqualTo("Flag updated, changes propagating globally");
            assertThat(propagation(reply).get("status")).isEqualTo("propagating");
            assertThat(propagation(reply).get("writeRegion")).isEqualTo("us-east-1");
            assertThat(propagation(reply).get("visibleWithinMs")).isEqualTo(2_000);
        }
        assertThat(propagation(created).get("requestRegion")).isEqualTo("ap-southeast-1");
        assertThat(lines("flag_written", since, "told"))
                .extracting(line -> String.valueOf(line.get("region")))
                .containsExactly("ap-southeast-1", "eu-west-1");
        assertThat(lines("flag_written", since, "told")).allSatisfy(line -> {
            assertThat(line.get("write_region")).isEqualTo("us-east-1");
            assertThat(line.get("request_region")).isEqualTo(line.get("region"));
            assertThat(line.get("delayed")).isEqualTo(false);
        });
    }

    // ---- an invalidation

    @Test
    void anInvalidationIsMetInEveryRegionReadFromTheLedgerAndCachedAgain() {
        accepted(api(US_EAST_1).put("gone", Api.document("first")));
        truth.converge();
        REGIONS.forEach(region -> api(region).read("gone"));
        long since = System.currentTimeMillis();

        Reply updated = accepted(api(EU_WEST_1).put("gone", Api.document("second")));
        seenEverywhere(updated.position(), SEEN_WITHIN);
        Reply invalidated = accepted(api(EU_WEST_1).invalidate("gone"));
        seenEverywhere(invalidated.position(), INVALID_WITHIN);
        assertThat(REGIONS).allSatisfy(region -> assertThat(raw(region, "gone")).isInstanceOf(CachedFlag.Marker.class));

        // at the same moment, before one region's answer fills the caches of the others
        List<Reply> misses = Parallel.run(REGIONS.stream()
                .<Callable<Reply>>map(region -> () -> api(region).readAt("gone", invalidated.position()))
                .toList());

        assertThat(misses).allSatisfy(reply -> {
            assertThat(reply.status()).as(reply.body()).isEqualTo(200);
            assertThat(reply.source()).isEqualTo("database");
            assertThat(reply.metadata("op")).isEqualTo("second");
        });
        for (Region region : REGIONS) {
            Await.until("cached again in " + region, LIMIT, () -> raw(region, "gone") instanceof CachedFlag.Present);
            Reply again = api(region).readAt("gone", invalidated.position());
            assertThat(again.source()).isIn("memory", "replica", "primary");
            assertThat(again.metadata("op")).isEqualTo("second");
        }
        assertThat(lines("flag_written", since, "gone"))
                .singleElement()
                .satisfies(line -> assertThat(line.get("request_region")).isEqualTo("eu-west-1"));
        assertThat(lines("cache_invalidated", since, "gone"))
                .singleElement()
                .satisfies(line -> assertThat(line.get("write_region")).isEqualTo("us-east-1"));
        Await.until(
                "all regions have told",
                LIMIT,
                () -> lines("flags_recached", since, "gone").size() == REGIONS.size());
        List<Map<?, ?>> recached = lines("flags_recached", since, "gone");
        assertThat(recached)
                .extracting(line -> String.valueOf(line.get("region")))
                .containsExactlyInAnyOrder("us-east-1", "eu-west-1", "ap-southeast-1");
        assertThat(recached)
                .extracting(line -> String.valueOf(line.get("invalidated_by")))
                .containsOnly(String.valueOf(invalidated.position()));
        assertThat(recached)
                .filteredOn(line -> Boolean.TRUE.equals(line.get("filled")))
                .hasSize(1);
        assertThat(List.of(
                        first("flag_written", since),
                        first("cache_invalidated", since),
                        first("flags_recached", since)))
                .as("in this order")
                .isSorted();
        for (Region region : REGIONS) {
            Await.until(
                    region + " counts a miss",
                    LIMIT,
                    () -> api(region).read("gone").status() == 200 && misses(region, since) > 0);
        }
    }

    /** Told of at the end of a later request: at most one line per second and process. */
    private long misses(Region region, long since) {
        return EmfSum.of(
                "CacheMiss",
                world.output().metrics().since(since).stream()
                        .filter(line -> line.contains("\"Region\":\"" + region + "\""))
                        .toList());
    }

    private void seenEverywhere(long position, Duration within) {
        for (Region region : REGIONS) {
            Await.until(position + " is in " + region, within, () -> truth.position(region) >= position);
        }
    }

    /** When the first line of an event about the flag was written. */
    private Instant first(String event, long since) {
        return lines(event, since, "gone").stream()
                .map(line -> Instant.parse(String.valueOf(line.get("time"))))
                .min(Instant::compareTo)
                .orElseThrow();
    }

    /** Log lines of one event about one flag. */
    private List<Map<?, ?>> lines(String event, long since, String flag) {
        return world.output().logs().since(since).stream()
                .<Map<?, ?>>map(line -> Json.parse(line) instanceof Map<?, ?> map ? map : Map.of())
                .filter(line -> event.equals(line.get("event")))
                .filter(line -> flag.equals(line.get("flag")) || flag.equals(line.get("flags")))
                .toList();
    }

    private static Map<?, ?> propagation(Reply reply) {
        return reply.json().get("propagation") instanceof Map<?, ?> map ? map : Map.of();
    }

    private CachedFlag raw(Region region, String key) {
        return truth.snapshot(region).orElseThrow().flags().getOrDefault(new FlagKey(key), CachedFlag.MISSING);
    }

    private FlagState field(Region region, String key) {
        return raw(region, key) instanceof CachedFlag.Present(FlagState state) ? state : FlagState.ABSENT;
    }

    private String op(Truth seen, Region region, String key) {
        return seen.snapshot(region).orElseThrow().flags().get(new FlagKey(key))
                                instanceof CachedFlag.Present(FlagState.Live(long _, String json))
                        && Json.parse(json) instanceof Map<?, ?> flag
                        && flag.get("metadata") instanceof Map<?, ?> metadata
                ? String.valueOf(metadata.get("op"))
                : "";
    }
}
