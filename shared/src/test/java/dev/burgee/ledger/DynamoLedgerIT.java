package dev.burgee.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.ledger.FaultyDynamo.Answer;
import dev.burgee.ledger.FaultyDynamo.Fate;
import dev.burgee.ledger.Ledger.Appended;
import dev.burgee.time.Deadline;
import dev.burgee.time.SystemTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only the adapter can get wrong; what every ledger does is in {@link DynamoLedgerContractIT}. */
final class DynamoLedgerIT {
    private static final LedgerWorld WORLD = new LedgerWorld();
    private static final FlagKey A = new FlagKey("a");

    private final String table = WORLD.newTable();
    private final FaultyDynamo endpoint = new FaultyDynamo(WORLD.node().endpoint());
    private final DynamoLedger ledger = WORLD.ledger(table, LedgerWorld.EAST_1, new SystemTime(), endpoint.endpoint());

    @AfterEach
    void closeEndpoint() {
        endpoint.close();
    }

    @AfterAll
    static void stop() {
        WORLD.close();
    }

    @Test
    void readingEndsAtAGap() {
        for (long number : new long[] {1, 2, 4, 5}) {
            ledger.append(Entries.put(number, "a"), soon());
        }

        assertThat(ledger.entriesAfter(Position.START, 10, soon()))
                .extracting(Entry::number)
                .containsExactly(1L, 2L);
        assertThat(ledger.entriesAfter(new Position(2), 10, soon())).isEmpty();
        assertThat(ledger.read(A, soon())).isEqualTo(new FlagReading(Entries.state(2, "a"), new Position(2)));
        assertThat(ledger.readAll(soon()).position()).isEqualTo(new Position(2));
        assertThat(ledger.materialise(soon())).isEqualTo(3);
        assertThat(ledger.readAll(soon()).position()).isEqualTo(new Position(2));
    }

    @Test
    void theLogIsReadPageByPage() {
        for (long number = 1; number <= 12; number++) {
            ledger.append(large(number), soon());
        }

        List<Entry> entries = ledger.entriesAfter(Position.START, 100, soon());

        assertThat(entries).extracting(Entry::number).hasSize(12).isSorted();
        assertThat(endpoint.calls().stream().filter("Query"::equals)).hasSizeGreaterThan(2);
        assertThat(ledger.entriesAfter(Position.START, 11, soon())).hasSize(11);
    }

    @Test
    void theStateIsReadPageByPage() {
        for (long number = 1; number <= 12; number++) {
            ledger.append(large(number), soon());
        }
        ledger.materialise(soon());
        endpoint.forgetCalls();

        assertThat(ledger.readAll(soon()).flags()).hasSize(48);
        assertThat(endpoint.calls().stream().filter("Query"::equals)).hasSizeGreaterThan(2);
    }

    @Test
    void historyAsksAgainForTheEntriesThatAnAnswerLeftOut() {
        for (long number = 1; number <= 3; number++) {
            ledger.append(Entries.put(number, "a"), soon());
        }
        ledger.materialise(soon());
        var times = new AtomicInteger();
        endpoint.script((operation, body) -> operation.equals("BatchGetItem") && times.getAndIncrement() == 0
                ? new Answer(200, "{\"Responses\":{},\"UnprocessedKeys\":" + requestItems(body) + "}")
                : Fate.PASS);

        assertThat(ledger.history(A, Long.MAX_VALUE, 10, soon())).hasSize(3);
        assertThat(times).hasValue(2);
    }

    @Test
    void everyReadIsStronglyConsistent() {
        List<String> reads = new CopyOnWriteArrayList<>();
        endpoint.script((operation, body) -> {
            if (List.of("GetItem", "Query", "BatchGetItem").contains(operation)) {
                reads.add(operation + " " + body);
            }
            return Fate.PASS;
        });
        ledger.append(Entries.put(1, "a"), soon());
        ledger.materialise(soon());
        ledger.read(A, soon());
        ledger.readAll(soon());
        ledger.history(A, Long.MAX_VALUE, 10, soon());

        assertThat(reads)
                .hasSizeGreaterThan(6)
                .allSatisfy(read -> assertThat(read).contains("\"ConsistentRead\":true"));
    }

    @Test
    void aWarmReadIsTwoCalls() {
        ledger.append(Entries.put(1, "a"), soon());
        ledger.read(A, soon());
        endpoint.forgetCalls();

        ledger.read(A, soon());

        assertThat(endpoint.calls()).containsExactlyInAnyOrder("GetItem", "Query");
    }

    @Test
    void aColdReadTakesTheLastEntriesForTheTailWhereTheyReachBackToTheCheckpoint() {
        for (long number = 1; number <= 20; number++) {
            ledger.append(Entries.put(number, "a"), soon());
        }
        var cold = WORLD.ledger(table, LedgerWorld.EAST_1, new SystemTime(), endpoint.endpoint());
        endpoint.forgetCalls();
        assertThat(cold.read(A, soon())).isEqualTo(new FlagReading(Entries.state(20, "a"), new Position(20)));
        assertThat(endpoint.calls())
                .filteredOn("Query"::equals)
                .as("they do not")
                .hasSize(2);

        WORLD.ledger(table).materialise(soon());
        ledger.append(Entries.put(21, "a"), soon());
        var next = WORLD.ledger(table, LedgerWorld.EAST_1, new SystemTime(), endpoint.endpoint());
        endpoint.forgetCalls();
        assertThat(next.read(A, soon())).isEqualTo(new FlagReading(Entries.state(21, "a"), new Position(21)));
        assertThat(endpoint.calls()).filteredOn("Query"::equals).as("they do").hasSize(1);
    }

    @Test
    void aLongTailMakesTheNextReadLookForANewerCheckpoint() {
        ledger.read(A, soon());
        for (long number = 1; number <= 51; number++) {
            ledger.append(Entries.put(number, "a"), soon());
        }
        WORLD.ledger(table).materialise(soon());
        ledger.read(A, soon());
        endpoint.forgetCalls();

        assertThat(ledger.read(A, soon()).position()).isEqualTo(new Position(51));
        assertThat(ledger.read(A, soon()).position()).isEqualTo(new Position(51));

        assertThat(endpoint.calls())
                .as("checkpoint and last entries, item; then item and tail")
                .containsExactlyInAnyOrder("GetItem", "Query", "GetItem", "GetItem", "Query");
    }

    @Test
    void anOldCheckpointStaysTrue() {
        ledger.append(Entries.put(1, "a"), soon());
        ledger.read(A, soon());
        WORLD.ledger(table).append(Entries.put(2, "a"), soon());
        WORLD.ledger(table).append(Entries.delete(3, "a"), soon());
        WORLD.ledger(table).materialise(soon());

        assertThat(ledger.read(A, soon())).isEqualTo(new FlagReading(new FlagState.Deleted(3), new Position(3)));
        assertThat(ledger.readAll(soon()).flags()).isEqualTo(Map.of(A, new FlagState.Deleted(3)));
        assertThat(ledger.history(A, Long.MAX_VALUE, 10, soon()))
                .extracting(Entry::number)
                .containsExactly(3L, 2L, 1L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GetItem", "Query"})
    void everythingIsSeenThatIsMaterialisedBetweenTheCallsOfARead(String later) {
        ledger.append(Entries.put(1, "a"), soon());
        ledger.materialise(soon());
        ledger.read(A, soon());
        // another process moves on between the read's item and its look at the log, whichever comes first
        endpoint.script((operation, body) -> {
            if (operation.equals(later)) {
                new SystemTime().sleep(Duration.ofMillis(150));
                WORLD.ledger(table).append(Entries.put(2, "a"), soon());
                WORLD.ledger(table).materialise(soon());
            }
            return Fate.PASS;
        });

        assertThat(ledger.read(A, soon())).isEqualTo(new FlagReading(Entries.state(2, "a"), new Position(2)));
    }

    @Test
    void aColdReadIsTheStateAtItsPositionWhateverIsMaterialisedBetweenItsCalls() {
        ledger.append(Entries.put(1, "a"), soon());
        var other = WORLD.ledger(table);
        var end = new AtomicInteger(1);
        endpoint.script((operation, body) -> {
            synchronized (end) {
                other.append(Entries.put(end.incrementAndGet(), "a"), soon());
                other.materialise(soon());
            }
            return Fate.PASS;
        });

        for (int round = 0; round < 10; round++) { // the calls that are made side by side come in any order
            var cold = WORLD.ledger(table, LedgerWorld.EAST_1, new SystemTime(), endpoint.endpoint());

            FlagReading reading = cold.read(A, soon());

            assertThat(reading.position().number()).isGreaterThan(1);
            assertThat(reading.state())
                    .isEqualTo(Entries.state(reading.position().number(), "a"));
        }
    }

    @Test
    void anEntryThatIsTooLargeIsRefusedBeforeItIsSent() {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            changes.add(noise(1, i));
        }

        assertThatThrownBy(() -> ledger.append(Entries.entry(1, Entry.Kind.IMPORT, changes, "op"), soon()))
                .isInstanceOf(EntryTooLargeException.class);
        assertThat(endpoint.calls()).isEmpty();
    }

    @Test
    void theLargestEntryThatIsAcceptedFitsIntoTheTable() {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            changes.add(noise(1, i));
        }
        Entry entry = Entries.entry(1, Entry.Kind.IMPORT, changes, "op");

        assertThat(ledger.append(entry, soon())).isEqualTo(Appended.DONE);
        assertThat(ledger.entriesAfter(Position.START, 1, soon())).containsExactly(entry);
    }

    @Test
    void aLostAnswerIsFoundByItsOperationAndLeavesOneEntry() {
        ledger.read(A, soon());
        endpoint.only("PutItem", Fate.LOSE_ANSWER);
        assertThat(ledger.append(Entries.put(1, "a", "op-7"), soon())).isEqualTo(Appended.UNCLEAR);
        endpoint.all(Fate.PASS);

        assertThat(ledger.append(Entries.put(1, "a", "op-7"), soon())).isEqualTo(Appended.UNCLEAR);

        assertThat(ledger.entriesAfter(Position.START, 10, soon())).containsExactly(Entries.put(1, "a", "op-7"));
    }

    @Test
    void writersThatRaceForEveryNumberLoseNothing() throws Exception {
        List<String> done = new CopyOnWriteArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < 4; writer++) {
                String name = "writer-" + writer;
                DynamoLedger own = WORLD.ledger(table);
                writers.add(threads.submit(() -> appendTen(own, name, done)));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }

        assertThat(ledger.entriesAfter(Position.START, 100, soon()))
                .extracting(Entry::operationId)
                .hasSize(40)
                .containsExactlyInAnyOrderElementsOf(done);
    }

    @Test
    void aWholeStateAndItsPositionAgreeWhileOthersWriteAndMaterialise() throws Exception {
        var stop = new AtomicBoolean();
        List<LedgerState> states = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> writer = threads.submit(() -> write(WORLD.ledger(table), 150));
            Future<?> materialiser = threads.submit(() -> {
                DynamoLedger own = WORLD.ledger(table);
                while (!stop.get()) {
                    own.materialise(soon());
                }
            });
            while (!writer.isDone()) {
                states.add(ledger.readAll(soon()));
            }
            writer.get();
            stop.set(true);
            materialiser.get();
        }

        List<Entry> log = ledger.entriesAfter(Position.START, 1_000, soon());
        assertThat(log).hasSize(150);
        assertThat(states).hasSizeGreaterThan(5);
        for (LedgerState state : states) {
            assertThat(state.flags()).as("at position %s", state.position()).isEqualTo(replay(log.subList(0, (int)
                    state.position().number())));
        }
        assertThat(states).extracting(LedgerState::position).isSorted();
    }

    private static void appendTen(Ledger own, String name, List<String> done) {
        Position end = Position.START;
        for (int i = 0; i < 10; i++) {
            String operation = name + "-" + i;
            Appended outcome = Appended.UNCLEAR;
            while (outcome == Appended.UNCLEAR) {
                for (Entry entry : own.entriesAfter(end, 100, soon())) {
                    end = entry.position();
                }
                outcome = own.append(Entries.put(end.number() + 1, name, operation), soon());
            }
            done.add(operation);
        }
    }

    private static void write(Ledger own, int count) {
        var random = new Random(7);
        for (long number = 1; number <= count; number++) {
            String key = "flag-" + random.nextInt(10);
            Entry entry = switch (random.nextInt(4)) {
                case 0 -> Entries.delete(number, key);
                case 1 -> Entries.importOf(number, "flag", 5);
                default -> Entries.put(number, key);
            };
            assertThat(own.append(entry, soon())).isEqualTo(Appended.DONE);
        }
    }

    private static Map<FlagKey, FlagState> replay(List<Entry> log) {
        var flags = new TreeMap<FlagKey, FlagState>();
        log.forEach(entry -> entry.changes().forEach(change -> flags.put(change.key(), change.after())));
        return flags;
    }

    private static Entry large(long number) {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            changes.add(noise(number, i));
        }
        return Entries.entry(number, Entry.Kind.IMPORT, changes, "import-" + number);
    }

    /** A flag of 80 KB that does not compress. */
    private static Change noise(long number, int i) {
        byte[] noise = new byte[60_000];
        new Random(number * 31 + i).nextBytes(noise);
        String json = "{\"noise\":\"" + java.util.Base64.getEncoder().encodeToString(noise) + "\"}";
        return new Change(new FlagKey("flag-" + number + "-" + i), new FlagState.Live(number, json), true);
    }

    private static String requestItems(String body) {
        int start = body.indexOf("{", 1);
        return body.substring(start, body.lastIndexOf("}"));
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30), new SystemTime());
    }
}
