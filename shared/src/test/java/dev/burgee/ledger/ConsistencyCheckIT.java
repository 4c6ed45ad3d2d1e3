package dev.burgee.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.failure.MisconfiguredException;
import dev.burgee.flag.FlagKey;
import dev.burgee.ledger.FaultyDynamo.Answer;
import dev.burgee.ledger.FaultyDynamo.Fate;
import dev.burgee.ledger.Ledger.Appended;
import dev.burgee.time.Deadline;
import dev.burgee.time.FakeTime;
import dev.burgee.time.SystemTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ConsistencyCheckIT {
    private static final LedgerWorld WORLD = new LedgerWorld();
    private static final FlagKey A = new FlagKey("a");
    private static final String REPLICAS =
            "\"Replicas\":[{\"RegionName\":\"us-east-1\"},{\"RegionName\":\"us-east-2\"}]";

    private final FakeTime time = new FakeTime();
    private final String table = WORLD.newTable();
    private final FaultyDynamo endpoint = new FaultyDynamo(WORLD.node().endpoint());
    private final DynamoLedger ledger = WORLD.ledger(table, LedgerWorld.EAST_1, time, endpoint.endpoint());

    @AfterEach
    void closeEndpoint() {
        endpoint.close();
    }

    @AfterAll
    static void stop() {
        WORLD.close();
    }

    @Test
    void refusesReplicasThatAreEventuallyConsistent() {
        endpoint.only("DescribeTable", described(REPLICAS + ",\"MultiRegionConsistency\":\"EVENTUAL\""));

        assertThatThrownBy(() -> ledger.append(Entries.put(1, "a"), soon()))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessage(
                        "ledger table " + table + ": its replicas in us-east-1, us-east-2 are eventually consistent,"
                                + " so two regions could accept the same entry number: create it anew with"
                                + " MultiRegionConsistency STRONG (the mode cannot be changed later), or use a table without"
                                + " replicas");
        assertThatThrownBy(() -> ledger.read(A, soon())).isInstanceOf(MisconfiguredException.class);
        assertThatThrownBy(() -> ledger.readAll(soon())).isInstanceOf(MisconfiguredException.class);
        assertThatThrownBy(() -> ledger.claim("op", "print", Position.START, Instant.EPOCH, soon()))
                .isInstanceOf(MisconfiguredException.class);
        assertThatThrownBy(() -> ledger.materialise(soon())).isInstanceOf(MisconfiguredException.class);
        assertThat(endpoint.calls()).doesNotContain("PutItem");
    }

    @Test
    void refusesReplicasThatDoNotSayHowConsistentTheyAre() {
        endpoint.only("DescribeTable", described(REPLICAS));

        assertThatThrownBy(() -> ledger.append(Entries.put(1, "a"), soon())).isInstanceOf(MisconfiguredException.class);
    }

    @Test
    void acceptsReplicasThatAreStronglyConsistentAndLooksOnce() {
        endpoint.only("DescribeTable", described(REPLICAS + ",\"MultiRegionConsistency\":\"STRONG\""));

        assertThat(ledger.append(Entries.put(1, "a"), soon())).isEqualTo(Appended.DONE);
        assertThat(ledger.append(Entries.put(2, "a"), soon())).isEqualTo(Appended.DONE);
        assertThat(ledger.read(A, soon()).state()).isEqualTo(Entries.state(2, "a"));
        assertThat(endpoint.calls()).containsOnlyOnce("DescribeTable");
    }

    @Test
    void acceptsATableWithoutReplicas() {
        assertThat(ledger.append(Entries.put(1, "a"), soon())).isEqualTo(Appended.DONE);
    }

    @Test
    void readsAreServedWhenTheTableCannotBeDescribedAndAppendsWait() {
        endpoint.only("DescribeTable", Fate.error(500, "InternalServerError"));

        assertThat(ledger.read(A, soon()).position()).isEqualTo(Position.START);
        assertThatThrownBy(() -> ledger.append(Entries.put(1, "a"), soon()))
                .isInstanceOf(LedgerUnavailableException.class);
        assertThat(endpoint.calls()).doesNotContain("PutItem");
    }

    @Test
    void readsAreServedSoonWhenTheDescriptionHangs() {
        endpoint.only("DescribeTable", Fate.HANG);

        long start = System.nanoTime();
        assertThat(ledger.read(A, soon()).position()).isEqualTo(Position.START);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(800));
    }

    @Test
    void readsLookAgainLaterWhenTheTableCouldNotBeDescribed() {
        endpoint.only("DescribeTable", Fate.error(400, "ThrottlingException"));
        ledger.read(A, soon());
        endpoint.only("DescribeTable", described(REPLICAS + ",\"MultiRegionConsistency\":\"EVENTUAL\""));
        endpoint.forgetCalls();
        ledger.read(A, soon());
        assertThat(endpoint.calls()).doesNotContain("DescribeTable");

        time.advance(Duration.ofSeconds(5));

        assertThatThrownBy(() -> ledger.read(A, soon())).isInstanceOf(MisconfiguredException.class);
    }

    private static Answer described(String members) {
        return new Answer(200, "{\"Table\":{\"TableName\":\"ledger\",\"TableStatus\":\"ACTIVE\"," + members + "}}");
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(20), new SystemTime());
    }
}
