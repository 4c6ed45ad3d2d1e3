package dev.burgee.pulse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.ledger.Entries;
import dev.burgee.ledger.Entry;
import dev.burgee.ledger.FakeLedger;
import dev.burgee.ledger.LedgerUnavailableException;
import dev.burgee.ledger.Promotion;
import dev.burgee.region.Region;
import dev.burgee.time.Deadline;
import dev.burgee.time.FakeTime;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class PromoterTest {
    private static final Region HERE = new Region("eu-west-1");

    private final FakeTime time = new FakeTime();
    private final FakeLedger ledger = new FakeLedger();
    private final Promoter promoter = new Promoter(ledger, HERE, time, new SplittableRandom(7));

    private Deadline soon() {
        return Deadline.after(Duration.ofSeconds(10), time);
    }

    private Promotion last() {
        return ledger.lastPromotion(soon()).orElseThrow();
    }

    @Test
    void appendsAfterTheEndWithWhoAndWhere() {
        ledger.append(Entries.put(1, "a"), soon());
        ledger.append(Entries.promotion(2, "us-east-1"), soon());

        assertThat(promoter.promote(last(), "alice", "op-1", soon()))
                .isEqualTo(new Promoter.Result.Appended(new Promotion(HERE, 2, time.now(), 3)));

        Entry entry = ledger.log().getLast();
        assertThat(entry.home()).isEqualTo(HERE);
        assertThat(entry.actor()).isEqualTo("alice");
        assertThat(entry.requestRegion()).isEqualTo(HERE);
        assertThat(entry.operationId()).isEqualTo("op-1");
        assertThat(last()).isEqualTo(new Promotion(HERE, 2, time.now(), 3));
    }

    @Test
    void findsItsOwnEntryAfterALostAnswer() {
        ledger.append(Entries.put(1, "a"), soon());
        ledger.loseNextAnswer();

        assertThat(promoter.promote(null, "alice", "op-1", soon())).isInstanceOf(Promoter.Result.Appended.class);

        assertThat(ledger.log()).hasSize(2);
        assertThat(last().epoch()).isEqualTo(1);
    }

    @Test
    void triesAgainAfterARefusalAndAppendsOnce() {
        ledger.refuseNext();

        assertThat(promoter.promote(null, "alice", "op-1", soon())).isInstanceOf(Promoter.Result.Appended.class);

        assertThat(ledger.appends()).isEqualTo(2);
        assertThat(ledger.log()).hasSize(1);
    }

    @Test
    void looksForOthersEntriesBesideEachAppend() {
        CountDownLatch looked = new CountDownLatch(1);
        FailingLedger looking = new FailingLedger(ledger, "entriesAfter", looked::countDown);
        FailingLedger appending = new FailingLedger(looking, "append", () -> {
            try {
                assertThat(looked.await(10, TimeUnit.SECONDS))
                        .as("looked before the append's answer")
                        .isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        assertThat(new Promoter(appending, HERE, time, new SplittableRandom(7)).promote(null, "a", "op-1", soon()))
                .isInstanceOf(Promoter.Result.Appended.class);
    }

    @Test
    void appendsNothingWhenSomebodyPromotedMeanwhile() {
        ledger.append(Entries.promotion(1, "us-east-1"), soon());
        Promotion seen = last();
        ledger.append(Entries.promotion(2, "ap-southeast-1"), soon());

        assertThat(promoter.promote(seen, "alice", "op-1", soon())).isEqualTo(new Promoter.Result.Overtaken(last()));

        assertThat(ledger.log()).hasSize(2);
        assertThat(ledger.appends()).isEqualTo(2);
    }

    @Test
    void givesUpInTimeWhenTheLedgerIsDown() {
        ledger.down(true);
        long start = time.nanos();

        assertThatThrownBy(() -> promoter.promote(null, "alice", "op-1", soon()))
                .isInstanceOf(LedgerUnavailableException.class);
        assertThat(Duration.ofNanos(time.nanos() - start)).isLessThanOrEqualTo(Duration.ofSeconds(10));
    }
}
