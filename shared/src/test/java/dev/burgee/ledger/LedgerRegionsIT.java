package dev.burgee.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.failure.MisconfiguredException;
import dev.burgee.flag.FlagKey;
import dev.burgee.ledger.FaultyDynamo.Fate;
import dev.burgee.ledger.Ledger.Appended;
import dev.burgee.region.Region;
import dev.burgee.time.Deadline;
import dev.burgee.time.FakeTime;
import dev.burgee.time.SystemTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LedgerRegionsIT {
    private static final LedgerWorld WORLD = new LedgerWorld();
    private static final FlagKey A = new FlagKey("a");

    private final FakeTime time = new FakeTime();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final FaultyDynamo first = new FaultyDynamo(WORLD.node().endpoint());
    private final FaultyDynamo second = new FaultyDynamo(WORLD.node().endpoint());
    private final String table = WORLD.newTable();
    /** In us-east-1, whose endpoint is {@link #first}; its clock moves only by hand, so its deadlines do not pass. */
    private final DynamoLedger ledger = WORLD.ledger(
            table,
            LedgerWorld.EAST_1,
            time,
            (level, event, fields) -> events.add(event + " " + fields.get("ledger_region")),
            first.endpoint(),
            second.endpoint());

    @AfterEach
    void closeEndpoints() {
        first.close();
        second.close();
    }

    @AfterAll
    static void stop() {
        WORLD.close();
    }

    @Test
    void asksItsOwnRegionFirst() {
        ledger.append(Entries.put(1, "a"), ample());
        ledger.read(A, ample());

        assertThat(first.calls()).contains("PutItem", "GetItem", "Query");
        assertThat(second.calls()).isEmpty();
    }

    @Test
    void asksItsOwnRegionFirstWhereverTheTopologyNamesIt() {
        var there = WORLD.ledger(table, LedgerWorld.EAST_2, time, first.endpoint(), second.endpoint());
        there.read(A, ample());

        assertThat(first.calls()).isEmpty();
        assertThat(second.calls()).isNotEmpty();
    }

    @Test
    void asksInTheTopologysOrderWhereNoLedgerRegionIsItsOwn() {
        var there = WORLD.ledger(table, new Region("eu-west-1"), time, first.endpoint(), second.endpoint());
        there.read(A, ample());

        assertThat(first.calls()).isNotEmpty();
        assertThat(second.calls()).isEmpty();
    }

    @Test
    void theSecondRegionReadsAndWritesWhenTheFirstRefusesConnections() {
        var half = WORLD.ledger(table, LedgerWorld.EAST_1, time, refusing(), second.endpoint());

        assertThat(half.append(Entries.put(1, "a"), ample())).isEqualTo(Appended.DONE);
        assertThat(half.read(A, ample()).state()).isEqualTo(Entries.state(1, "a"));
    }

    @Test
    void theSecondRegionAnswersWhenTheFirstThrottlesFailsOrCutsReads() {
        ledger.append(Entries.put(1, "a"), ample());
        for (Fate fate : List.of(
                Fate.error(400, "ThrottlingException"),
                Fate.error(400, "ProvisionedThroughputExceededException"),
                Fate.error(500, "InternalServerError"),
                Fate.CUT)) {
            first.all(fate);
            time.advance(Duration.ofMinutes(1));
            assertThat(ledger.read(A, ample()).state()).as("%s", fate).isEqualTo(Entries.state(1, "a"));
        }
    }

    @Test
    void anAppendThatTheFirstRegionThrottlesIsDoneByTheSecond() {
        ledger.read(A, ample());
        first.all(Fate.error(400, "ThrottlingException"));

        assertThat(ledger.append(Entries.put(1, "a"), ample())).isEqualTo(Appended.DONE);
    }

    @Test
    void anAppendWhoseAnswerIsLostIsUnclearAndFoundByItsOperation() {
        ledger.read(A, ample());
        first.only("PutItem", Fate.LOSE_ANSWER);

        assertThat(ledger.append(Entries.put(1, "a", "op-7"), ample())).isEqualTo(Appended.UNCLEAR);

        assertThat(second.calls()).as("not tried blindly in the next region").isEmpty();
        assertThat(ledger.entriesAfter(Position.START, 10, ample()))
                .extracting(Entry::operationId)
                .containsExactly("op-7");
    }

    @Test
    void anAppendThatMayOrMayNotBeTakenIsUnclear() {
        ledger.read(A, ample());
        for (Fate fate : List.of(Fate.CUT, Fate.error(500, "InternalServerError"), Fate.HANG)) {
            first.only("PutItem", fate);
            time.advance(Duration.ofMinutes(1));
            assertThat(ledger.append(Entries.put(1, "a"), ample()))
                    .as("%s", fate)
                    .isEqualTo(Appended.UNCLEAR);
        }
        assertThat(second.calls()).doesNotContain("PutItem");
    }

    @Test
    void anAppendThatCollidesWithOneInAnotherRegionIsUnclear() {
        ledger.read(A, ample());
        first.only("PutItem", Fate.error(400, "ReplicatedWriteConflictException"));

        assertThat(ledger.append(Entries.put(1, "a"), ample())).isEqualTo(Appended.UNCLEAR);
        assertThat(second.calls()).isEmpty();
    }

    @Test
    void otherWritesThatCollideAreTriedAgain() {
        ledger.append(Entries.put(1, "a"), ample());
        first.script((operation, body) -> operation.equals("PutItem")
                        && first.calls().stream().filter("PutItem"::equals).count() < 4
                ? Fate.error(400, "ReplicatedWriteConflictException")
                : Fate.PASS);

        assertThat(ledger.materialise(ample())).isZero();
        assertThat(ledger.history(A, Long.MAX_VALUE, 10, ample())).containsExactly(Entries.put(1, "a"));
    }

    @Test
    void aSingleRegionIsAskedTwiceWhenItCutsARead() {
        var single = WORLD.ledger(table, LedgerWorld.EAST_1, time, first.endpoint());
        single.read(A, ample());
        first.forgetCalls();
        first.script((operation, body) -> first.calls().size() == 1 ? Fate.CUT : Fate.PASS);

        assertThat(single.read(A, ample()).position()).isEqualTo(Position.START);
        assertThat(first.calls())
                .as("item and tail, and once more the one that was cut")
                .hasSize(3);
    }

    @Test
    void isUnavailableWhenNoRegionCanBeReached() {
        var none = WORLD.ledger(table, LedgerWorld.EAST_1, time, refusing(), refusing());

        assertThatThrownBy(() -> none.read(A, ample()))
                .isInstanceOf(LedgerUnavailableException.class)
                .hasMessage("no region of the ledger answered in time; asked: us-east-1 (ConnectException), us-east-2"
                        + " (ConnectException); known: [us-east-1, us-east-2]");
        assertThatThrownBy(() -> none.append(Entries.put(1, "a"), ample()))
                .isInstanceOf(LedgerUnavailableException.class);
    }

    @Test
    void anAppendIsUnavailableAndNotUnclearWhenNoRegionCouldHaveTakenIt() {
        ledger.read(A, ample());
        first.close();
        second.close();

        assertThatThrownBy(() -> ledger.append(Entries.put(1, "a"), ample()))
                .isInstanceOf(LedgerUnavailableException.class);
    }

    @Test
    void aHungRegionCostsAReadTheTimeUntilTheNextIsAskedAsWell() {
        var real = new SystemTime();
        var hurried = WORLD.ledger(table, LedgerWorld.EAST_1, real, first.endpoint(), second.endpoint());
        hurried.read(A, ample());
        WORLD.ledger(table, LedgerWorld.EAST_2, real, first.endpoint(), second.endpoint())
                .read(A, ample());
        first.all(Fate.HANG);

        long start = real.nanos();
        assertThat(hurried.read(A, Deadline.after(Duration.ofSeconds(1), real)).position())
                .isEqualTo(Position.START);

        assertThat(Duration.ofNanos(real.nanos() - start)).isBetween(Duration.ofMillis(290), Duration.ofMillis(590));
    }

    @Test
    void aSlowRegionStillAnswersAfterTheNextWasAskedAsWell() {
        var real = new SystemTime();
        var hurried = WORLD.ledger(table, LedgerWorld.EAST_1, real, first.endpoint(), second.endpoint());
        hurried.read(A, ample());
        second.all(Fate.HANG);
        first.script((operation, body) -> {
            real.sleep(Duration.ofMillis(500));
            return Fate.PASS;
        });

        assertThat(hurried.read(A, Deadline.after(Duration.ofSeconds(1), real)).position())
                .isEqualTo(Position.START);
        assertThat(second.calls()).as("it was late").isNotEmpty();
    }

    @Test
    void neverOutlivesItsDeadlineWhenAllRegionsHang() {
        var real = new SystemTime();
        var hurried = WORLD.ledger(table, LedgerWorld.EAST_1, real, first.endpoint(), second.endpoint());
        hurried.read(A, ample());
        first.all(Fate.HANG);
        second.all(Fate.HANG);

        long start = real.nanos();
        assertThatThrownBy(() -> hurried.read(A, Deadline.after(Duration.ofMillis(500), real)))
                .isInstanceOf(LedgerUnavailableException.class);

        assertThat(Duration.ofNanos(real.nanos() - start)).isLessThan(Duration.ofMillis(900));
    }

    @Test
    void noCallTakesLongerThanItsOwnLimit() {
        ledger.read(A, ample());
        first.only("PutItem", Fate.HANG);

        long start = System.nanoTime();
        assertThat(ledger.append(Entries.put(1, "a"), ample())).isEqualTo(Appended.UNCLEAR);

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(900), Duration.ofMillis(1_900));
    }

    @Test
    void asksNobodyOnceTheDeadlineHasPassed() {
        assertThatThrownBy(() -> ledger.append(Entries.put(1, "a"), Deadline.after(Duration.ZERO, time)))
                .isInstanceOf(LedgerUnavailableException.class);
        assertThat(first.calls()).isEmpty();
    }

    @Test
    void aRegionThatFailedJustNowIsAskedLast() {
        ledger.read(A, ample());
        first.all(Fate.CUT);
        ledger.read(A, ample());
        first.all(Fate.PASS);
        first.forgetCalls();

        ledger.read(A, ample());
        assertThat(first.calls()).isEmpty();

        time.advance(Duration.ofSeconds(1));
        ledger.read(A, ample());
        assertThat(first.calls()).isNotEmpty();
    }

    @Test
    void aRegionThatFailedThreeTimesIsLeftAloneUntilItsProbeSucceeds() {
        ledger.read(A, ample());
        first.all(Fate.error(400, "ThrottlingException"));
        for (int i = 0; i < 3; i++) {
            ledger.entriesAfter(Position.START, 1, ample());
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(events).containsExactly("ledger_region_unavailable us-east-1");

        ledger.entriesAfter(Position.START, 1, ample()); // the first probe fails: two seconds from now
        first.forgetCalls();
        time.advance(Duration.ofMillis(1_999));
        ledger.entriesAfter(Position.START, 1, ample());
        assertThat(first.calls()).isEmpty();

        first.all(Fate.PASS);
        time.advance(Duration.ofMillis(1));
        ledger.entriesAfter(Position.START, 1, ample());
        assertThat(first.calls()).containsExactly("Query");
        assertThat(events).last().isEqualTo("ledger_region_recovered us-east-1");
    }

    @Test
    void probesEachSecondWhileNoRegionAnswers() {
        ledger.read(A, ample());
        first.all(Fate.error(400, "ThrottlingException"));
        second.all(Fate.error(400, "ThrottlingException"));
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> ledger.entriesAfter(Position.START, 1, ample()))
                    .isInstanceOf(LedgerUnavailableException.class);
            time.advance(Duration.ofSeconds(1));
        }
        first.forgetCalls();
        second.forgetCalls();
        assertThatThrownBy(() -> ledger.entriesAfter(Position.START, 1, ample()))
                .isInstanceOf(LedgerUnavailableException.class);
        assertThat(first.calls()).as("one probe of each").hasSize(1);
        assertThat(second.calls()).as("one probe of each").hasSize(1);
        assertThatThrownBy(() -> ledger.entriesAfter(Position.START, 1, ample()))
                .as("not before a second has passed")
                .hasMessageContaining("asked: none");

        second.all(Fate.PASS);
        time.advance(Duration.ofSeconds(1));

        assertThat(ledger.entriesAfter(Position.START, 1, ample())).isEmpty();
    }

    @Test
    void timeOutsThatAShortDeadlineCausedDoNotOpenTheBreaker() {
        var real = new SystemTime();
        var hurried = WORLD.ledger(
                table, LedgerWorld.EAST_1, real, (level, event, fields) -> events.add(event), first.endpoint());
        hurried.read(A, ample());
        first.all(Fate.HANG);
        for (int i = 0; i < 4; i++) {
            assertThatThrownBy(() -> hurried.read(A, Deadline.after(Duration.ofMillis(30), real)))
                    .isInstanceOf(LedgerUnavailableException.class);
        }

        first.all(Fate.PASS);

        assertThat(hurried.read(A, ample()).position()).isEqualTo(Position.START);
        assertThat(events).isEmpty();
    }

    @Test
    void aMissingTableIsNamedWithItsFix() {
        var missing = WORLD.ledger("no-such-table", LedgerWorld.EAST_1, time, first.endpoint(), second.endpoint());

        assertThatThrownBy(() -> missing.append(Entries.put(1, "a"), ample()))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessage("ledger table no-such-table: us-east-1 says ResourceNotFoundException, so there is no such"
                        + " table: create it, or correct \"ledger\" in the topology secret; us-east-2 says"
                        + " ResourceNotFoundException, so there is no such table: create it, or correct \"ledger\" in"
                        + " the topology secret");
        assertThatThrownBy(() -> missing.read(A, ample())).isInstanceOf(MisconfiguredException.class);
    }

    @Test
    void missingAccessIsNamedWithItsFix() {
        first.all(Fate.error(400, "AccessDeniedException"));
        var single = WORLD.ledger(table, LedgerWorld.EAST_1, time, first.endpoint());

        assertThatThrownBy(() -> single.append(Entries.put(1, "a"), ample()))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessage("ledger table " + table + ": us-east-1 says AccessDeniedException, so access is refused:"
                        + " allow the function's role GetItem, PutItem, BatchGetItem, BatchWriteItem, Query and"
                        + " DescribeTable on it");
    }

    @Test
    void aRegionThatDeniesAccessDoesNotKeepTheOtherFromAnswering() {
        first.all(Fate.error(400, "AccessDeniedException"));

        assertThat(ledger.append(Entries.put(1, "a"), ample())).isEqualTo(Appended.DONE);
        assertThat(ledger.read(A, ample()).state()).isEqualTo(Entries.state(1, "a"));
    }

    private static Deadline ample() {
        return Deadline.after(Duration.ofSeconds(20), new SystemTime());
    }

    private static URI refusing() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
