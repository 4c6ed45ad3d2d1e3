package dev.burgee.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.ledger.FaultyDynamo.Fate;
import dev.burgee.region.Region;
import dev.burgee.time.Deadline;
import dev.burgee.time.FakeTime;
import dev.burgee.time.SystemTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

final class MaterialiserIT {
    private static final LedgerWorld WORLD = new LedgerWorld();

    private final FakeTime time = new FakeTime();
    private final String table = WORLD.newTable();
    private final FaultyDynamo endpoint = new FaultyDynamo(WORLD.node().endpoint());
    private final DynamoDbClient client = WORLD.node().client();
    private final DynamoLedger sound = WORLD.ledger(table);
    private final DynamoLedger faulty = WORLD.ledger(table, LedgerWorld.EAST_1, time, endpoint.endpoint());

    @AfterEach
    void closeEndpoint() {
        endpoint.close();
        client.close();
    }

    @AfterAll
    static void stop() {
        WORLD.close();
    }

    @Test
    void writesStateItemsTombstonesPointersAndTheCheckpoint() {
        sound.append(Entries.put(1, "a"), soon());
        sound.append(Entries.put(2, "b"), soon());
        sound.append(Entries.delete(3, "a"), soon());

        assertThat(sound.materialise(soon())).isZero();

        assertThat(StateFormat.decode(item(LedgerTable.stateKey(new FlagKey("a")))))
                .isEqualTo(new FlagState.Deleted(3));
        assertThat(StateFormat.decode(item(LedgerTable.stateKey(new FlagKey("b")))))
                .isEqualTo(Entries.state(2, "b"));
        assertThat(item(LedgerTable.historyKey(new FlagKey("a"), 1))).isNotEmpty();
        assertThat(item(LedgerTable.historyKey(new FlagKey("a"), 3))).isNotEmpty();
        assertThat(checkpoint()).isEqualTo(3);
    }

    @Test
    void aCrashAfterAnyCallLeavesWhatTheNextRunMakesRight() {
        sound.append(Entries.put(1, "a"), soon());
        sound.append(Entries.promotion(2, "eu-west-1"), soon());
        sound.append(Entries.importOf(3, "many", 30), soon());
        sound.append(Entries.delete(4, "a"), soon());
        LedgerState expected = WORLD.ledger(table).readAll(soon());

        int crashes = 0;
        for (boolean done = false; !done; crashes++) {
            dieAfter(crashes);
            done = materialises();
            assertThat(WORLD.ledger(table).readAll(soon()))
                    .as("after %s calls", crashes)
                    .isEqualTo(expected);
            assertThat(checkpoint()).as("after %s calls", crashes).isEqualTo(done ? 4 : 0);
        }

        assertThat(crashes).isGreaterThan(30);
        assertThat(WORLD.ledger(table).readAll(soon())).isEqualTo(expected);
        assertThat(numbers("a")).containsExactly(4L, 1L);
        assertThat(numbers("many-7")).containsExactly(3L);
    }

    @Test
    void theCheckpointStaysWhenAStateItemCannotBeWritten() {
        sound.append(Entries.importOf(1, "many", 40), soon());
        endpoint.script((operation, body) -> body.contains("\"many-23\"") && operation.equals("PutItem")
                ? Fate.error(500, "InternalServerError")
                : Fate.PASS);

        assertThat(materialises()).isFalse();

        assertThat(checkpoint()).isZero();
    }

    @Test
    void theCheckpointStaysWhenAPointerCannotBeWritten() {
        sound.append(Entries.put(1, "a"), soon());
        endpoint.only("BatchWriteItem", Fate.error(500, "InternalServerError"));

        assertThat(materialises()).isFalse();

        assertThat(checkpoint()).isZero();
    }

    @Test
    void pointersThatTheTableDidNotTakeAreSentAgain() {
        sound.append(Entries.put(1, "a"), soon());
        var unprocessed = new AtomicInteger(2);
        endpoint.script((operation, body) -> operation.equals("BatchWriteItem") && unprocessed.getAndDecrement() > 0
                ? new FaultyDynamo.Answer(200, body.replace("RequestItems", "UnprocessedItems"))
                : Fate.PASS);

        assertThat(materialises()).isTrue();

        assertThat(numbers("a")).containsExactly(1L);
    }

    @Test
    void aLateMaterialiserTakesNothingBack() {
        sound.append(Entries.put(1, "a"), soon());
        var overtaken = new AtomicInteger();
        // between reading the log and writing what it says, another process materialises a later change
        endpoint.script((operation, body) -> {
            if (operation.equals("PutItem") && overtaken.getAndIncrement() == 0) {
                sound.append(Entries.put(2, "a"), soon());
                assertThat(WORLD.ledger(table).materialise(soon())).isZero();
            }
            return Fate.PASS;
        });

        assertThat(faulty.materialise(soon())).isZero();

        assertThat(StateFormat.decode(item(LedgerTable.stateKey(new FlagKey("a")))))
                .isEqualTo(Entries.state(2, "a"));
        assertThat(checkpoint()).isEqualTo(2);
    }

    @Test
    void manyMaterialisersAtOnceDoNoHarm() throws Exception {
        for (long number = 1; number <= 120; number++) {
            sound.append(Entries.put(number, "flag-" + number % 7), soon());
        }
        LedgerState expected = WORLD.ledger(table).readAll(soon());
        List<Callable<Integer>> processes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            processes.add(() -> {
                DynamoLedger process = WORLD.ledger(table);
                int left = process.materialise(soon());
                return left == 0 ? 0 : process.materialise(soon());
            });
        }

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> left : threads.invokeAll(processes)) {
                left.get();
            }
        }

        assertThat(WORLD.ledger(table).materialise(soon())).isZero();
        assertThat(checkpoint()).isEqualTo(120);
        assertThat(WORLD.ledger(table).readAll(soon())).isEqualTo(expected);
        assertThat(numbers("flag-3").size()).isEqualTo(17);
    }

    @Test
    void theHomeOutlivesThePromotionsThatTheCheckpointHasPassed() {
        sound.append(Entries.promotion(1, "us-east-1"), soon());
        sound.append(Entries.promotion(2, "eu-west-1"), soon());
        sound.materialise(soon());
        sound.append(Entries.put(3, "a"), soon());
        sound.materialise(soon());

        assertThat(WORLD.ledger(table).readAll(soon()).home()).isEqualTo(new Region("eu-west-1"));
    }

    @Test
    void keepsWhatWasFinishedWhenALaterItemHangs() {
        sound.append(Entries.importOf(1, "first", 200), soon());
        sound.append(Entries.importOf(2, "second", 200), soon());
        endpoint.script((operation, body) ->
                operation.equals("PutItem") && body.contains("\"second-150\"") ? Fate.HANG : Fate.PASS);

        assertThatThrownBy(() -> faulty.materialise(soon())).isInstanceOf(LedgerUnavailableException.class);

        assertThat(checkpoint()).isEqualTo(1);
    }

    private boolean materialises() {
        time.advance(Duration.ofMinutes(5)); // whatever breaker opened is ready for its probe
        try {
            return faulty.materialise(soon()) == 0;
        } catch (LedgerUnavailableException e) {
            return false;
        }
    }

    /** Lets so many calls of the next run through, and then none. */
    private void dieAfter(int calls) {
        var left = new AtomicInteger(calls);
        endpoint.script(
                (operation, body) -> left.getAndDecrement() > 0 ? Fate.PASS : Fate.error(400, "ThrottlingException"));
    }

    private long checkpoint() {
        var item = item(LedgerTable.checkpointKey());
        return item.isEmpty() ? 0 : Checkpoint.decode(item).position().number();
    }

    private List<Long> numbers(String key) {
        return WORLD.ledger(table).history(new FlagKey(key), Long.MAX_VALUE, 100, soon()).stream()
                .map(Entry::number)
                .toList();
    }

    private Map<String, AttributeValue> item(Map<String, AttributeValue> key) {
        return client.getItem(request -> request.tableName(table).key(key).consistentRead(true))
                .item();
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30), new SystemTime());
    }
}
