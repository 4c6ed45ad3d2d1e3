package dev.burgee.local;

import static dev.burgee.local.Geography.AP_SOUTHEAST_1;
import static dev.burgee.local.Geography.EU_WEST_1;
import static dev.burgee.local.Geography.US_EAST_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.cache.Applied;
import dev.burgee.cache.CacheSnapshot;
import dev.burgee.cache.CachedFlag;
import dev.burgee.cache.FlagCache;
import dev.burgee.flag.Flag;
import dev.burgee.flag.FlagDefinition;
import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.ledger.Change;
import dev.burgee.ledger.Entry;
import dev.burgee.ledger.Ledger;
import dev.burgee.ledger.LedgerState;
import dev.burgee.ledger.Position;
import dev.burgee.region.Region;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Races between writers, readers and losses over the real servers, each with the end that the invariants ask for. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class RacesIT {
    private static final List<Region> REGIONS = List.of(US_EAST_1, EU_WEST_1, AP_SOUTHEAST_1);
    private static final Duration SOON = Duration.ofSeconds(10);

    private final World world = World.start(WorldOptions.ofThreeRegions(Functions.shipped()));
    private final Truth truth = new Truth(world);
    private final Api us = new Api(world.baseUri(US_EAST_1));
    private final Api eu = new Api(world.baseUri(EU_WEST_1));
    private final Api ap = new Api(world.baseUri(AP_SOUTHEAST_1));

    @BeforeEach
    void heal() {
        truth.healAndConverge();
    }

    @AfterAll
    void close() {
        truth.close();
        world.close();
    }

    @Test
    void twoWritersOnOneFlagFromTwoRegionsLoseNoUpdate() {
        accepted(us.put("two", Api.document("first")));

        Parallel.run(List.of(patches(eu, "two", "eu", 5), patches(ap, "two", "ap", 5)));

        Reply read =
                us.read("two", "Burgee-Position", Long.toString(truth.model().end()));
        for (int i = 0; i < 5; i++) {
            assertThat(read.metadata("eu-" + i)).isEqualTo("eu-" + i);
            assertThat(read.metadata("ap-" + i)).isEqualTo("ap-" + i);
        }
        truth.converge();
    }

    @Test
    void ofTwoWritersWithTheSameIfMatchOneIsRefusedAndToldTheVersionOfTheOther() {
        for (int round = 0; round < 4; round++) {
            String key = "match-" + round;
            Reply first = accepted(us.put(key, Api.document("first")));
            Await.until(
                    "replicas show the flag",
                    SOON,
                    () -> Stream.of(EU_WEST_1, AP_SOUTHEAST_1)
                            .allMatch(region ->
                                    truth.cache(region).read(new FlagKey(key)).flag() instanceof CachedFlag.Present));

            List<Reply> replies = Parallel.run(List.of(
                    () -> eu.patchFlag(key, Api.patch("op", "eu"), "If-Match", first.header("etag")),
                    () -> ap.patchFlag(key, Api.patch("op", "ap"), "If-Match", first.header("etag"))));

            assertThat(replies).extracting(Reply::status).containsExactlyInAnyOrder(200, 412);
            Reply won = replies.stream().filter(Reply::isAccepted).findFirst().orElseThrow();
            assertThat(replies)
                    .filteredOn(reply -> reply.status() == 412)
                    .allSatisfy(reply -> assertThat(reply.body()).contains("is at version " + won.version()));
            assertThat(us.readAt(key, won.position()).metadata("op")).isEqualTo(won.metadata("op"));
        }
    }

    @Test
    void theNextWriterAppliesWhatAWriterThatDiedBetweenAppendAndApplyLeft() {
        accepted(us.put("left", Api.document("before")));
        long end = truth.model().end();
        Entry one = appended(end + 1, "left", "left-1");
        Entry two = appended(end + 2, "left-too", "left-2");

        // what comes after a gap, and what comes twice, changes nothing
        assertThat(truth.cache(US_EAST_1).apply(List.of(two), Instant.now()))
                .isEqualTo(new Applied.Gap(new Position(end)));
        Reply next = accepted(eu.put("right", Api.document("right")));
        truth.cache(US_EAST_1).apply(List.of(one), null);

        assertThat(next.position()).isEqualTo(end + 3);
        truth.converge();
        assertThat(ap.readAt("left", next.position()).metadata("op")).isEqualTo("left-1");
        assertThat(ap.readAt("left-too", next.position()).metadata("op")).isEqualTo("left-2");
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void noWarmReaderAndNoTokenGoesBackWhenTheCachesLoseTheirTailAndTheNextWriteCatchesThemUp(Memory memory) {
        accepted(us.put("tail", Api.document("tail-0")));
        truth.converge();
        try (var saved = new SavedCache(world, US_EAST_1);
                var warm = new WarmReader(world, EU_WEST_1, Map.of("BURGEE_FRESHNESS_WINDOW_MS", "0"), memory);
                var warmList =
                        new WarmReader(world, AP_SOUTHEAST_1, Map.of("BURGEE_FRESHNESS_WINDOW_MS", "0"), memory)) {
            for (int i = 1; i <= 5; i++) {
                accepted(us.put("tail", Api.document("tail-" + i)));
            }
            truth.converge();
            long end = truth.model().end();
            assertThat(warm.api().read("tail").metadata("op")).isEqualTo("tail-5");
            assertThat(warmList.api().list().position()).isEqualTo(end);

            saved.restore();
            Await.until(
                    "the loss is everywhere",
                    SOON,
                    () -> REGIONS.stream().allMatch(region -> truth.position(region) < end));

            assertThat(warm.api().read("tail")).returns("tail-5", reply -> reply.metadata("op"));
            assertThat(warm.api().read("never-read-before").position()).isGreaterThanOrEqualTo(end);
            assertThat(warmList.api().list()).returns(end, Reply::position);
            assertThat(ap.readAt("tail", end).metadata("op")).isEqualTo("tail-5");
            accepted(eu.put("after", Api.document("after")));
            truth.converge();
        }
    }

    @Test
    void cachesAreAPrefixWhateverIsFlushedWhileWritersWrite() {
        var done = new AtomicBoolean();
        List<Callable<List<String>>> actors = new ArrayList<>();
        List<Reply> writes = new ArrayList<>();
        for (Api api : List.of(us, eu, ap)) {
            actors.add(() -> {
                List<Reply> mine = IntStream.range(0, 5)
                        .mapToObj(i -> accepted(api.put("flush-" + i, Api.document("flush"))))
                        .toList();
                synchronized (writes) {
                    writes.addAll(mine);
                    done.set(writes.size() == 15);
                }
                return List.of();
            });
        }
        List<CacheSnapshot> seen = new ArrayList<>();
        actors.add(() -> {
            int flushes = 0;
            while (!done.get()) {
                if (flushes < 4 && truth.position(US_EAST_1) >= 0) {
                    world.caches().flush(US_EAST_1);
                    flushes++;
                }
                REGIONS.forEach(region -> truth.snapshot(region).ifPresent(seen::add));
            }
            return List.of();
        });

        Parallel.run(actors);
        accepted(us.put("flush-end", Api.document("flush")));

        truth.converge();
        Model model = truth.model();
        assertThat(seen)
                .allSatisfy(snapshot ->
                        assertThat(model.problems("a cache", snapshot)).isEmpty());
        assertThat(writes)
                .allSatisfy(write -> assertThat(model.log())
                        .filteredOn(entry -> entry.number() == write.version())
                        .hasSize(1));
    }

    @Test
    void aSlowLoaderDoesNotReplaceANewerCache() {
        FlagCache cache = truth.cache(US_EAST_1);
        Instant before = Instant.now();
        LedgerState old = truth.ledger().readAll(truth.patience());
        // the cache is lost during the load, and another loads it meanwhile
        world.caches().flush(US_EAST_1);
        accepted(us.put("loaded", Api.document("by-another")));

        assertThat(cache.load(old, before, US_EAST_1)).isFalse();

        truth.converge();
        world.caches().flush(US_EAST_1);
        assertThat(cache.load(old, before, US_EAST_1)).isTrue();
        accepted(ap.put("loaded", Api.document("after-an-old-load")));
        truth.converge();
    }

    @Test
    void aSlowReadersFillIsTooLateAfterAnotherInvalidationAChangeAndADelete() {
        FlagKey key = new FlagKey("fill");
        FlagCache cache = truth.cache(US_EAST_1);
        accepted(us.put("fill", Api.document("old")));
        long marker = accepted(us.invalidate("fill")).position();
        FlagState slow = truth.ledger().read(key, truth.patience()).state();

        long second = accepted(eu.invalidate("fill")).position();
        assertThat(cache.fill(key, marker, slow)).isFalse();
        assertThat(cache.read(key).flag()).isEqualTo(new CachedFlag.Marker(second));

        accepted(eu.put("fill", Api.document("new")));
        assertThat(cache.fill(key, second, slow)).isFalse();
        truth.converge();

        accepted(ap.delete("fill"));
        assertThat(cache.fill(key, second, slow)).isFalse();
        truth.converge();
        assertThat(eu.readAt("fill", truth.model().end()).status()).isEqualTo(404);
    }

    @Test
    void anAppendWhoseAnswerIsLostIsKeptOnceAndARepeatGetsTheFirstAnswer() {
        Lost lost = answerLost("lost-answer", () -> world.network().isolate(EU_WEST_1, true));
        assertThat(lost.first.status()).as(lost.first.body()).isEqualTo(503);
        world.network().isolate(EU_WEST_1, false);

        Reply repeat = accepted(put("lost-answer"));

        assertThat(repeat.version()).isEqualTo(lost.entry.number());
        assertOneEntry("lost-answer");
        assertThat(put("lost-answer")).returns(201, Reply::status).returns(repeat.flag(), Reply::flag);
        truth.converge();
    }

    @Test
    void anAppendWhoseConnectionBreaksIsFoundInTheOtherRegionOfTheLedger() {
        Lost lost = answerLost("broken", () -> world.network().stopLedger(US_EAST_1, true));

        assertThat(accepted(lost.first).version()).isEqualTo(lost.entry.number());
        assertThat(accepted(put("broken")).version()).isEqualTo(lost.entry.number());
        assertOneEntry("broken");
    }

    @Test
    void anAppendThatArrivesAfterItsCallerGaveUpIsNotDoneTwiceByARepeat() {
        for (int afterMs : List.of(50, 110)) {
            String key = "late-" + afterMs;
            long start = System.nanoTime();
            CompletableFuture<Reply> first = CompletableFuture.supplyAsync(() -> put(key));
            Await.until(
                    "the write is " + afterMs + " ms old",
                    SOON,
                    () -> System.nanoTime() - start
                            >= Duration.ofMillis(afterMs).toNanos());
            world.network().isolate(EU_WEST_1, true);
            Reply given = first.join();
            // what was under way arrives now, beside the repeat
            world.network().isolate(EU_WEST_1, false);
            Reply repeat = put(key);
            while (repeat.status() == 503) {
                repeat = put(key);
            }

            Entry entry = assertOneEntry(key);
            assertThat(accepted(repeat).version()).isEqualTo(entry.number());
            assertThat(given.status()).isIn(201, 503);
        }
        truth.converge();
    }

    @Test
    void eightWritersAtOnceOnOneFlagLoseNothing() {
        eightWriters("one flag", 3, _ -> "contended");
    }

    @Test
    void eightWritersAtOnceOnManyFlagsLoseNothing() {
        eightWriters("many flags", 3, writer -> "own-" + writer);
    }

    private void eightWriters(String what, int writes, IntFunction<String> keys) {
        IntStream.range(0, 8)
                .mapToObj(keys)
                .distinct()
                .forEach(key -> accepted(us.put(key, Api.document("start-" + key))));
        long since = System.currentTimeMillis();
        List<Callable<List<Reply>>> writers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            writers.add(patches(List.of(us, eu, ap).get(i % 3), keys.apply(i), "w" + i, writes));
        }

        List<Reply> replies =
                Parallel.run(writers).stream().flatMap(List::stream).toList();

        List<String> metrics = world.output().metrics().since(since);
        System.out.println("eight writers on " + what + ": " + replies.size() + " writes, conflicts "
                + EmfSum.of("WriteConflict", metrics) + ", retries " + EmfSum.of("WriteRetry", metrics)
                + ", given up and repeated " + EmfSum.of("WriteFailure", metrics));
        assertThat(replies).extracting(Reply::version).doesNotHaveDuplicates();
        assertThat(replies)
                .allSatisfy(reply -> assertThat(entriesOf(reply.metadata("op")))
                        .singleElement()
                        .returns(reply.version(), Entry::number));
        for (int i = 0; i < 8; i++) {
            Reply read = us.readAt(keys.apply(i), truth.model().end());
            for (int j = 0; j < writes; j++) {
                assertThat(read.metadata("w" + i + "-" + j)).isEqualTo("w" + i + "-" + j);
            }
        }
        truth.converge();
    }

    /** A caller that patches one flag some times, each until it is accepted, by an idempotency key of its own. */
    private static Callable<List<Reply>> patches(Api api, String key, String writer, int times) {
        return () -> {
            List<Reply> replies = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                String member = writer + "-" + i;
                String body =
                        "{\"metadata\":{\"op\":\"" + key + ":" + member + "\",\"" + member + "\":\"" + member + "\"}}";
                Reply reply = api.patchFlag(key, body, "Idempotency-Key", key + ":" + member);
                while (reply.status() == 503) {
                    reply = api.patchFlag(key, body, "Idempotency-Key", key + ":" + member);
                }
                replies.add(accepted(reply));
            }
            return replies;
        };
    }

    private record Lost(Reply first, Entry entry) {}

    /** Puts from eu-west-1, and cuts the way once the entry is in the ledger and its answer under way: 40 ms of time. */
    private Lost answerLost(String key, Runnable cut) {
        long end = truth.model().end();
        CompletableFuture<Reply> first = CompletableFuture.supplyAsync(() -> put(key));
        Await.until(
                "the entry is in the ledger", SOON, () -> !truth.logAfter(end).isEmpty());
        cut.run();
        return new Lost(first.join(), truth.logAfter(end).getFirst());
    }

    private Reply put(String key) {
        return eu.put(key, Api.document(key), "Idempotency-Key", key);
    }

    private Entry assertOneEntry(String operation) {
        List<Entry> entries = entriesOf(operation);
        assertThat(entries).hasSize(1);
        return entries.getFirst();
    }

    /** The entries that brought an operation's own metadata. */
    private List<Entry> entriesOf(String operation) {
        return truth.log().stream()
                .filter(entry -> entry.kind() == Entry.Kind.PUT)
                .filter(entry -> entry.changes().getFirst().after() instanceof FlagState.Live(long _, String json)
                        && json.contains("\"op\":\"" + operation + "\""))
                .toList();
    }

    private Entry appended(long number, String key, String operation) {
        FlagDefinition definition = Flag.definitionOf(new FlagKey(key), Api.document(operation));
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        Flag flag = new Flag(new FlagKey(key), definition, number, now, "dev-admin");
        Entry entry = new Entry(
                number,
                Entry.Kind.PUT,
                List.of(new Change(new FlagKey(key), flag.live(), false)),
                "dev-admin",
                now,
                US_EAST_1,
                "direct-" + number,
                null);
        assertThat(truth.ledger().append(entry, truth.patience())).isEqualTo(Ledger.Appended.DONE);
        return entry;
    }

    private static Reply accepted(Reply reply) {
        assertThat(reply.status()).as(reply.body()).isIn(200, 201);
        return reply;
    }
}
