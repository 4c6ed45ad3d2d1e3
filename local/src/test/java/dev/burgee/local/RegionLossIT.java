package dev.burgee.local;

import static dev.burgee.local.Geography.AP_SOUTHEAST_1;
import static dev.burgee.local.Geography.EU_WEST_1;
import static dev.burgee.local.Geography.US_EAST_1;
import static dev.burgee.local.Geography.US_EAST_2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.region.Region;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What readers in eu-west-1 get while caches and ledger regions are gone, over HTTP, at real distances. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class RegionLossIT {
    private static final int FLAGS = 20;
    private static final int PROCESSES = 8;
    private static final int READS_EACH = 125;
    /**
     * At most so many of the 1,000 reads may take longer than {@link #SLOW_MS}: the first of each process, which has to make
     * its connection to the home's cache (three crossings), and three more for a machine that is busy.
     */
    private static final int SLOW_MAX = PROCESSES + 3;

    private static final int SLOW_MS = 150;
    /** A crossing to the home and back takes 80 ms; waiting for the replica first would make it 130. */
    private static final int MEDIAN_MS_MAX = 120;

    private final World world = World.start(WorldOptions.ofThreeRegions(Functions.shipped()));
    private final Truth truth = new Truth(world);
    private final Api home = new Api(world.baseUri(US_EAST_1));
    /** What each flag is. */
    private final Map<String, Map<?, ?>> flags = new HashMap<>();

    private final List<WarmReader> readers = new ArrayList<>();

    @BeforeAll
    void writeFlags() {
        for (int i = 0; i < FLAGS; i++) {
            Reply put = home.put("flag-" + i, Api.document("first-" + i));
            assertThat(put.status()).as(put.body()).isEqualTo(201);
            flags.put("flag-" + i, put.flag());
        }
    }

    /** Processes of their own for each test: breakers remember. */
    @BeforeEach
    void startReaders() {
        truth.healAndConverge();
        IntStream.range(0, PROCESSES).forEach(_ -> readers.add(new WarmReader(world, EU_WEST_1, 0)));
        readers.forEach(reader -> flags.forEach((key, flag) -> {
            Reply reply = reader.api().read(key);
            assertThat(reply.flag()).isEqualTo(flag);
        }));
    }

    @AfterEach
    void closeReaders() {
        readers.forEach(WarmReader::close);
        readers.clear();
    }

    @AfterAll
    void close() {
        truth.close();
        world.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"killed", "hung"})
    void aLostReplicaFailsNoReadAndSlowsOnlyTheFirstFew(String loss) throws InterruptedException {
        long since = System.currentTimeMillis();
        lose(loss);

        MachineNoise noise = new MachineNoise();
        List<Reply> replies = readAll(readers);
        noise.end();

        assertAllRight(replies);
        assertThat(replies).hasSize(PROCESSES * READS_EACH);
        assertThat(replies).extracting(Reply::source).containsOnly("primary");
        List<Double> slow = replies.stream()
                .map(Reply::millis)
                .filter(ms -> ms > SLOW_MS)
                .sorted()
                .toList();
        System.out.println("replica " + loss + ": of " + replies.size() + " reads " + slow.size() + " took more than "
                + SLOW_MS + " ms, the machine alone accounts for " + noise.lateOf(replies.size()) + ": " + slow);
        assertThat(slow).hasSizeLessThanOrEqualTo(SLOW_MAX + noise.lateOf(replies.size()));
        // the way to the home and back, and no waiting for the replica before
        assertThat(replies.stream().mapToDouble(Reply::millis).sorted().toArray()[replies.size() / 2])
                .isLessThan(MEDIAN_MS_MAX + noise.addedMs());
        assertThat(world.output().logs().since(since))
                .anySatisfy(line -> assertThat(line)
                        .contains("\"replica_unavailable\":true")
                        .contains("\"fallback_to_primary\":true"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"killed", "hung"})
    void aReplicaThatIsLostInTheMiddleOfTheLoadFailsNoRead(String loss) {
        var atHalf = new CountDownLatch(PROCESSES * READS_EACH / 2);
        List<Callable<List<Reply>>> load = new ArrayList<>();
        readers.forEach(reader -> load.add(() -> IntStream.range(0, READS_EACH)
                .mapToObj(i -> {
                    Reply reply = reader.api().read("flag-" + i % FLAGS);
                    atHalf.countDown();
                    return reply;
                })
                .toList()));
        load.add(() -> {
            atHalf.await();
            lose(loss);
            return List.of();
        });

        List<Reply> replies = Parallel.run(load).stream().flatMap(List::stream).toList();

        assertAllRight(replies);
        assertThat(replies).hasSize(PROCESSES * READS_EACH);
        assertThat(replies).extracting(Reply::source).containsOnly("replica", "primary");
    }

    @ParameterizedTest
    @ValueSource(strings = {"killed", "hung"})
    void memoryAndTheHomeAnswerWithinTheDefaultWindowWhenTheReplicaIsLost(String loss) {
        try (WarmReader reader = new WarmReader(world, EU_WEST_1, 250)) {
            assertAllRight(
                    flags.keySet().stream().map(key -> reader.api().read(key)).toList());
            lose(loss);

            List<Reply> replies = readAll(List.of(reader));

            assertAllRight(replies);
            assertThat(replies).extracting(Reply::source).isSubsetOf("memory", "primary");
            assertThat(reader.processes()).isEqualTo(1);
        }
    }

    @Test
    void aFlushedReplicaGivesNoWrongAnswer() {
        assertAllRight(readAllWhile(() -> {
            for (int i = 0; i < 3; i++) {
                world.caches().flush(EU_WEST_1);
                truth.converge();
            }
        }));
    }

    @Test
    void aFlushedHomeGivesNoWrongAnswer() {
        List<Reply> replies = readAllWhile(() -> world.caches().flush(US_EAST_1));

        assertAllRight(replies);
        assertThat(replies).extracting(Reply::source).contains("database");
        try (WarmReader cold = new WarmReader(world, EU_WEST_1, 0)) {
            assertAllRight(readSome(List.of(cold), FLAGS));
        }
    }

    @Test
    void theLedgerAnswersWhenReplicaAndHomeAreGoneAndTheLastKnownCopyWhenThatIsGoneToo() {
        world.caches().stop(EU_WEST_1);
        world.caches().stop(US_EAST_1);
        List<Reply> withLedger = readSome(readers, 10);
        world.network().stopLedger(US_EAST_1, true);
        world.network().stopLedger(US_EAST_2, true);
        List<Reply> withNothing = readSome(readers, 10);

        assertAllRight(withLedger);
        assertThat(withLedger).extracting(Reply::source).containsOnly("database");
        assertThat(withLedger)
                .allSatisfy(reply -> assertThat(reply.header("burgee-stale")).isEmpty());
        assertAllRight(withNothing);
        assertThat(withNothing).extracting(Reply::source).containsOnly("last-known");
        assertThat(withNothing)
                .allSatisfy(reply -> assertThat(reply.header("burgee-stale")).matches("\\d+"));
    }

    @Test
    void readsAndWritesGoOnByTheOtherRegionOfTheLedger() {
        for (Region down : List.of(US_EAST_1, US_EAST_2)) {
            world.network().stopLedger(down, true);
            for (Region region : List.of(US_EAST_1, EU_WEST_1, AP_SOUTHEAST_1)) {
                Api api = new Api(world.baseUri(region));
                String key = "by-the-other-" + down + "-" + region;
                Reply put = api.put(key, Api.document("put"));
                assertThat(put.status()).as(put.body()).isEqualTo(201);
                Reply invalidated = api.invalidate(key);
                assertThat(invalidated.status()).as(invalidated.body()).isEqualTo(200);
                // behind the marker there is only the ledger
                Reply read = api.readAt(key, invalidated.position());
                assertThat(read.status()).as(read.body()).isEqualTo(200);
                assertThat(read.flag()).isEqualTo(put.flag());
            }
            world.network().stopLedger(down, false);
        }
    }

    private void lose(String loss) {
        if (loss.equals("killed")) {
            world.caches().stop(EU_WEST_1);
        } else {
            world.caches().stall(EU_WEST_1);
        }
    }

    private List<Reply> readAll(List<WarmReader> from) {
        return readSome(from, READS_EACH);
    }

    private List<Reply> readSome(List<WarmReader> from, int each) {
        return Parallel.run(from.stream()
                        .<Callable<List<Reply>>>map(reader -> () -> IntStream.range(0, each)
                                .mapToObj(i -> reader.api().read("flag-" + i % FLAGS))
                                .toList())
                        .toList())
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    /** Reads from the beginning of what happens to well after it. */
    private List<Reply> readAllWhile(Runnable happening) {
        List<Callable<List<Reply>>> callers = new ArrayList<>();
        readers.forEach(reader -> callers.add(() -> IntStream.range(0, READS_EACH / 5)
                .mapToObj(i -> reader.api().read("flag-" + i % FLAGS))
                .toList()));
        callers.add(() -> {
            happening.run();
            return List.of();
        });
        return Parallel.run(callers).stream().flatMap(List::stream).toList();
    }

    private void assertAllRight(List<Reply> replies) {
        assertThat(replies).allSatisfy(reply -> {
            assertThat(reply.status()).as(reply.body()).isEqualTo(200);
            assertThat(reply.flag())
                    .isEqualTo(flags.get(String.valueOf(reply.flag().get("key"))));
        });
    }
}
