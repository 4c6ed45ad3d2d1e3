package dev.burgee.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.cache.CachedFlag;
import dev.burgee.failure.UnavailableException;
import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.ledger.Entry;
import dev.burgee.metrics.Metric;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TieredReadTest {
    private static final Duration WINDOW = Duration.ofMillis(250);
    private static final Duration LONG = Duration.ofMinutes(6);

    private final ReadWorld world = new ReadWorld(WINDOW, ReadWorld.HERE, memory());

    FlagMemory memory() {
        return new FlagMemory();
    }

    private static long version(Answer<FlagState> answer) {
        return answer.value().version();
    }

    @Test
    void saysThatItIsThePrimaryInTheHomeRegion() {
        ReadWorld atHome = new ReadWorld(WINDOW, ReadWorld.HOME);
        atHome.put("a");

        assertThat(atHome.read("a").source()).isEqualTo(Source.PRIMARY);
    }

    @Test
    void answersFromThePrimaryWhenTheLocalReplicaIsDown() {
        world.known("a");
        world.replica.down(true);

        Answer<FlagState> answer = world.read("a");

        assertThat(answer.source()).isEqualTo(Source.PRIMARY);
        assertThat(answer.stale()).isNull();
        assertThat(world.log.lines())
                .anySatisfy(line -> assertThat(line.fields().toString())
                        .contains("replica_unavailable=true")
                        .contains("fallback_to_primary=true"));
        assertThat(world.metrics.sum(Metric.DEGRADED_READ)).isEqualTo(1);
    }

    @Test
    void stopsAskingADeadReplicaAfterThreeFailures() {
        world.known("a");
        world.known("b");
        world.replica.down(true);
        for (int i = 0; i < 10; i++) {
            world.pass(Duration.ofMillis(1));
            world.read("x" + i);
        }
        int calls = world.replica.calls();

        world.read("b");
        assertThat(world.replica.calls()).isEqualTo(calls);
    }

    @Test
    void hasMorePatienceBeforeItsFirstAnswer() {
        world.known("a");
        world.replica.down(true);
        world.replica.delay(Duration.ofMillis(800));

        assertThat(world.read("a").source()).as("the first").isEqualTo(Source.PRIMARY);
        assertThat(world.read("b").source()).as("no time for the home").isEqualTo(Source.DATABASE);
    }

    @Test
    void answersFromTheLedgerWhenBothCachesAreGone() {
        world.known("a");
        world.replica.down(true);
        world.home.down(true);

        assertThat(world.read("a").source()).isEqualTo(Source.DATABASE);
    }

    @Test
    void saysThatItCannotWhenNothingAnswersAndNothingIsKnown() {
        world.replica.down(true);
        world.home.down(true);
        world.ledger.down(true);

        assertThatThrownBy(() -> world.read("a")).isInstanceOf(UnavailableException.class);
    }

    @Test
    void doesNotTakeAnEmptyCacheForNoFlags() {
        world.known("a");
        world.replica.flush();

        assertThat(version(world.read("a"))).isEqualTo(1);
        world.home.flush();
        assertThat(world.read("b").source()).isEqualTo(Source.DATABASE);
        assertThat(world.read("b").value()).isEqualTo(FlagState.ABSENT);
    }

    @Test
    void believesACacheWithAPositionThatThereIsNoSuchFlag() {
        world.known("a");

        Answer<FlagState> answer = world.read("nope");

        assertThat(answer.value()).isEqualTo(FlagState.ABSENT);
        assertThat(answer.source()).isEqualTo(Source.REPLICA);
    }

    @Test
    void goesToTheHomeForATokenThatTheReplicaDoesNotShow() {
        world.known("a");
        world.read("a");
        long position = world.put("a").number();

        Answer<FlagState> answer = world.read("a", position);

        assertThat(answer.source()).isEqualTo(Source.PRIMARY);
        assertThat(version(answer)).isEqualTo(2);
        assertThat(answer.position().number()).isEqualTo(2);
    }

    @Test
    void goesToTheLedgerForATokenThatNoCacheShows() {
        world.known("a");
        long position = world.append(Entry.Kind.PUT, "a").number();

        assertThat(world.read("a", position).source()).isEqualTo(Source.DATABASE);
        assertThat(world.read("a", position).position().number()).isEqualTo(2);
    }

    @Test
    void refusesATokenThatNothingShows() {
        world.known("a");
        world.read("a");

        assertThatThrownBy(() -> world.read("a", 99))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("position 99");
        world.append(Entry.Kind.PUT, "b");
        world.ledger.down(true);
        world.home.down(true);
        assertThatThrownBy(() -> world.read("a", 2)).isInstanceOf(UnavailableException.class);
    }

    @Test
    void neverGoesBackBehindWhatItAnswered() {
        world.known("a");
        var old = world.replica.contents();
        world.put("a");
        world.replicate();
        assertThat(version(world.read("a"))).isEqualTo(2);
        world.replica.restore(old);
        world.pass(WINDOW);

        assertThat(version(world.read("a"))).as("memory is further on").isEqualTo(2);
        Answer<FlagState> other = world.read("b");
        assertThat(other.source()).as("the replica is behind what was answered").isEqualTo(Source.PRIMARY);
    }

    @Test
    void marksAnAnswerThatIsBehindWhatItAnsweredBefore() {
        world.known("a");
        world.known("b");
        var old = world.replica.contents();
        world.put("a");
        world.replicate();
        world.read("a");
        world.replica.restore(old);
        world.home.down(true);
        world.ledger.down(true);

        Answer<FlagState> answer = world.read("b");

        assertThat(answer.source()).isEqualTo(Source.REPLICA);
        assertThat(answer.stale()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void keepsACopyFromTheLedgerAgainstAnOlderReplica() {
        world.known("a");
        world.read("a");
        long position = world.append(Entry.Kind.PUT, "a").number();
        assertThat(version(world.read("a", position))).isEqualTo(2);
        world.pass(WINDOW);

        assertThat(version(world.read("a"))).isEqualTo(2);
    }

    @Test
    void dropsItsProofWhenTheListOfRecentEntriesIsLost() {
        world.known("a");
        world.read("a");
        world.put("a");
        world.home.loseRecent();
        world.replicate();
        world.pass(WINDOW);

        assertThat(version(world.read("a"))).isEqualTo(2);
    }

    @Test
    void verifiesWithTheNextTierWhatNobodyConfirmedForFiveMinutes() {
        world.known("a");
        world.pass(LONG);

        Answer<FlagState> answer = world.read("a");

        assertThat(answer.source()).isEqualTo(Source.DATABASE);
        assertThat(answer.stale()).isNull();
        world.replicate();
        assertThat(world.read("b").source())
                .as("confirmed again by that reader")
                .isEqualTo(Source.REPLICA);
    }

    @Test
    void marksWhatItCannotVerify() {
        world.known("a");
        world.pass(LONG);
        world.home.down(true);
        world.ledger.down(true);

        Answer<FlagState> answer = world.read("a");

        assertThat(answer.source()).isEqualTo(Source.REPLICA);
        assertThat(answer.stale()).isEqualTo(LONG);
    }

    @Test
    void asksTheLedgerAtAMarkerAndFillsTheHomesCache() {
        world.known("a");
        world.read("a");
        world.write(Entry.Kind.INVALIDATE, "a");
        world.replicate();
        world.pass(WINDOW);

        assertThat(world.read("a").source()).isEqualTo(Source.DATABASE);
        world.replicate();
        world.pass(WINDOW);
        assertThat(world.replica.read(new FlagKey("a")).flag())
                .isEqualTo(new CachedFlag.Present(world.read("a").value()));
    }

    @Test
    void tellsOfEachInvalidationOnceAndOfEachFlagThatItPutBack() {
        world.known("a");
        world.write(Entry.Kind.INVALIDATE, "a");
        world.replicate();
        world.read("a");
        // the fill has not arrived here yet, and comes too late a second time
        world.list(0);

        assertThat(world.log.lines())
                .filteredOn(line -> line.event().equals("flags_recached"))
                .singleElement()
                .satisfies(line ->
                        assertThat(line.fields().toString()).isEqualTo("{flags=a, invalidated_by=2, filled=true}"));
    }

    @Test
    void bringsOnlyWhatChangedIntoTheList() {
        world.known("a");
        world.known("b");
        world.list(0);
        world.put("b");
        world.write(Entry.Kind.DELETE, "a");
        world.put("c");
        world.replicate();
        world.pass(WINDOW);
        int calls = world.replica.calls();

        Answer<Snapshot> answer = world.list(0);

        assertThat(world.replica.calls()).isEqualTo(calls + 1);
        assertThat(answer.value().whole().body().text())
                .isEqualTo("{\"flags\":[{\"key\":\"b\",\"version\":3},{\"key\":\"c\",\"version\":5}]}");
        assertThat(answer.value().newestVersion()).isEqualTo(5);
        assertThat(answer.position().number()).isEqualTo(5);
    }

    @Test
    void countsADeletionAsTheListsNewestVersion() {
        world.known("a");
        world.known("b");
        world.write(Entry.Kind.DELETE, "a");
        world.replicate();

        assertThat(world.list(0).value().newestVersion()).isEqualTo(3);
    }

    @Test
    void resolvesMarkersInTheListThroughTheLedger() {
        world.known("a");
        world.known("b");
        world.list(0);
        world.write(Entry.Kind.INVALIDATE, "a");
        world.replicate();
        world.pass(WINDOW);

        Answer<Snapshot> answer = world.list(0);

        assertThat(answer.source()).isEqualTo(Source.DATABASE);
        assertThat(answer.value().whole().body().text()).contains("\"a\"").contains("\"b\"");
    }

    @Test
    void memoryShowsNoLessOfOneFlagThanTheProcessHasShownOfAnother() {
        world.known("a");
        world.known("b");
        world.read("a");
        world.read("b");
        world.put("a");
        assertThat(world.read("a", 3).position().number()).isEqualTo(3);

        assertThat(world.read("b").position().number()).as("within the window").isEqualTo(3);
    }

    @Test
    void aColdProcessDoesNotSayThatAFlagBehindAMarkerDoesNotExist() {
        world.known("a");
        world.write(Entry.Kind.INVALIDATE, "a");
        world.replicate();
        world.ledger.down(true);

        assertThatThrownBy(() -> world.list(0)).isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> world.read("a")).isInstanceOf(UnavailableException.class);
    }

    // ---- a home that is late

    @Test
    void asksTheLedgerAsWellOnceTheHomeIsLate() {
        world.known("a");
        world.replica.down(true);
        var end = new CountDownLatch(1);
        world.home.hangUntil(end);
        try {
            Answer<FlagState> answer = world.read("a");

            assertThat(answer.source()).isEqualTo(Source.DATABASE);
            assertThat(version(answer)).isEqualTo(1);
            assertThat(end.getCount()).as("the home hangs all the while").isEqualTo(1);
        } finally {
            end.countDown();
        }
    }

    @Test
    void takesTheAnswerOfALateHomeWhenTheLedgerHasNone() {
        world.known("a");
        world.replica.down(true);
        world.ledger.down(true);
        var end = new CountDownLatch(1);
        world.home.hangUntil(end);
        CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS).execute(end::countDown);

        assertThat(world.read("a").source()).isEqualTo(Source.PRIMARY);
    }

    @Test
    void doesNotAskTheLedgerForAllFlagsBesideTheHome() {
        world.known("a");
        world.replica.down(true);
        int reads = world.ledger.reads();
        var end = new CountDownLatch(1);
        world.home.hangUntil(end);
        CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS).execute(end::countDown);

        assertThat(world.list(0).source()).isEqualTo(Source.PRIMARY);
        assertThat(world.ledger.reads()).isEqualTo(reads);
    }

    // ---- a replica that is behind the token

    @Test
    void waitsForAReplicaThatShowsTheTokenSoon() {
        world.known("a");
        long position = world.put("a").number();
        world.time.in(Duration.ofMillis(9), world::replicate);
        int home = world.home.calls();

        Answer<FlagState> answer = world.read("a", position);

        assertThat(answer.source()).isEqualTo(Source.REPLICA);
        assertThat(answer.position().number()).isEqualTo(position);
        assertThat(world.home.calls() - home).as("the replica's copying").isEqualTo(0);
        assertThat(world.metrics.sum(Metric.TOKEN_READ, "waited")).isEqualTo(1);
    }

    @Test
    void goesToTheHomeAtOnceWhileTheReplicaIsKnownToBeSlow() {
        world.known("a");
        assertThat(world.read("a", world.put("a").number()).source()).isEqualTo(Source.PRIMARY);
        long position = world.put("a").number();
        long before = world.time.nanos();

        Answer<FlagState> answer = world.read("a", position);

        assertThat(answer.source()).isEqualTo(Source.PRIMARY);
        assertThat(world.time.nanos()).as("no wait").isEqualTo(before);
        assertThat(world.metrics.sum(Metric.TOKEN_READ, "waited-in-vain")).isEqualTo(1);
        assertThat(world.metrics.sum(Metric.TOKEN_READ, "home")).isEqualTo(2);
    }

    @Test
    void aVainWaitIsShort() {
        world.known("a");
        long position = world.append(Entry.Kind.PUT, "a").number();
        long before = world.time.nanos();

        assertThat(world.read("a", position).source()).isEqualTo(Source.DATABASE);

        assertThat(Duration.ofNanos(world.time.nanos() - before))
                .isLessThanOrEqualTo(ReplicaPace.FIRST_WAIT.plusMillis(2));
        assertThat(world.metrics.sum(Metric.TOKEN_READ, "ledger")).isEqualTo(1);
    }

    @Test
    void doesNotWaitWithoutTimeForTheHomeAfterwards() {
        world.known("a");
        world.known("b");
        world.read("b"); // the first may take longer
        long position = world.put("a").number();
        // answers, but takes most of the second that a read has
        world.replica.delay(Duration.ofMillis(690));
        world.time.in(Duration.ofMillis(700), world::replicate);

        assertThat(world.read("a", position).source()).isEqualTo(Source.PRIMARY);
        assertThat(world.metrics.sum(Metric.TOKEN_READ, "waited")).isEqualTo(0);
    }

    @Test
    void neverWaitsInTheHomeRegion() {
        ReadWorld atHome = new ReadWorld(WINDOW, ReadWorld.HOME);
        atHome.put("a");
        long position = atHome.append(Entry.Kind.PUT, "a").number();
        long before = atHome.time.nanos();

        assertThat(atHome.read("a", position).source()).isEqualTo(Source.DATABASE);

        assertThat(atHome.time.nanos()).isEqualTo(before);
    }

    @Test
    void countsNoWayForATokenThatIsThere() {
        world.known("a");
        world.read("a", 1);
        world.read("a", 1);

        assertThat(world.metrics.sum(Metric.TOKEN_READ)).isEqualTo(0);
    }

    @Test
    void countsWhatItRefuses() {
        world.known("a");

        assertThatThrownBy(() -> world.read("a", 99)).isInstanceOf(UnavailableException.class);

        assertThat(world.metrics.sum(Metric.TOKEN_READ, "refused")).isEqualTo(1);
    }

    // ---- where the home is

    @Test
    void looksForAHomeThatFailsBesideTheRead() {
        world.known("a");
        world.replica.down(true);
        world.home.down(true);

        assertThat(world.read("a").source()).isEqualTo(Source.DATABASE);
        assertThat(world.caches.located()).isEqualTo(1);
    }

    @Test
    void hearsOfTheHomeFromTheReplicaOnly() {
        world.known("a");
        world.read("a");
        assertThat(world.caches.hints()).containsOnly(ReadWorld.HOME);

        world.home.apply(List.of(world.appendPromotion(ReadWorld.HERE)), world.time.now());
        world.replicate();
        world.pass(Duration.ofSeconds(1));
        world.read("a");

        assertThat(world.caches.hints()).endsWith(ReadWorld.HERE);
    }
}
