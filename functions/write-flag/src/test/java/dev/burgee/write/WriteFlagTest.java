package dev.burgee.write;

import static dev.burgee.write.WriteWorld.put;
import static dev.burgee.write.WriteWorld.request;
import static dev.burgee.write.WriteWorld.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.cache.CachedFlag;
import dev.burgee.catchup.CatchUp;
import dev.burgee.failure.ConflictException;
import dev.burgee.failure.NotFoundException;
import dev.burgee.failure.TooLargeException;
import dev.burgee.failure.UnavailableException;
import dev.burgee.flag.FlagDefinition;
import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.ledger.Entry;
import dev.burgee.ledger.Ledger;
import dev.burgee.ledger.Position;
import dev.burgee.metrics.Metric;
import dev.burgee.settings.Limits;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriteFlagTest {
    private static final FlagKey A = new FlagKey("a");

    private final WriteWorld world = new WriteWorld();
    private final WriteFlag writer = world.writer();

    private Accepted write(Command command) {
        return writer.write(request(command));
    }

    private FlagState inLedger(FlagKey key) {
        return world.ledger.read(key, world.deadline()).state();
    }

    @Test
    void appendsInOneCallOnWhatTheReplicaShowsAndTellsTheHome() {
        Accepted accepted = write(put("a", true));

        assertThat(accepted.entry().number()).isEqualTo(1);
        assertThat(accepted.entry().changes().getFirst().created()).isTrue();
        assertThat(accepted.propagation()).isEqualTo(new Propagation(false, WriteWorld.HOME));
        assertThat(world.ledger.appends()).isEqualTo(1);
        assertThat(world.home.read(A).flag()).isEqualTo(new CachedFlag.Present(inLedger(A)));
        assertThat(world.home.head().checked()).isEqualTo(world.time.now());
    }

    @Test
    void decidesAgainWhenTheReplicaWasBehind() {
        write(put("a", true));
        Accepted second = write(turn("a", false));

        assertThat(second.entry().number()).isEqualTo(2);
        assertThat(((FlagState.Live) inLedger(A)).json()).contains("\"defaultVariant\":\"off\"");
    }

    @Test
    void refusesOnlyAtTheLedgersEnd() {
        write(put("a", true));
        assertThat(world.replica.read(A).flag())
                .as("the replica has not heard of it")
                .isEqualTo(CachedFlag.MISSING);

        assertThat(write(new Command.Delete(A)).entry().kind()).isEqualTo(Entry.Kind.DELETE);
        assertThatThrownBy(() -> write(new Command.Delete(A)))
                .isInstanceOf(NotFoundException.class)
                .hasMessage("flag a was deleted by version 2");
        assertThatThrownBy(() -> write(turn("b", true))).hasMessage("flag b does not exist");
    }

    @Test
    void losesNoUpdateOfTwoWriters() {
        write(put("a", true));
        world.replicate();
        // both decide on version 1; the second append meets the first
        write(turn("a", false));
        Accepted second = write(new Command.Patch(A, Map.of("metadata", Map.of("owner", "x"))));

        String json = ((FlagState.Live) second.entry().changes().getFirst().after()).json();
        assertThat(json).contains("\"defaultVariant\":\"off\"").contains("\"owner\":\"x\"");
        assertThat(world.metrics.sum(Metric.WRITE_CONFLICT)).isGreaterThan(0);
    }

    @Test
    void givesAnHonest412() {
        write(put("a", true));
        world.replicate();
        write(turn("a", false));
        Precondition first = new Precondition.Versions(Set.of("1"));

        assertThatThrownBy(() -> writer.write(request(turn("a", true), first, null)))
                .isInstanceOfSatisfying(
                        ConflictException.class, e -> assertThat(e.status()).isEqualTo(412))
                .hasMessageContaining("is at version 2");
        Precondition second = new Precondition.Versions(Set.of("2"));
        assertThat(writer.write(request(turn("a", true), second, null)).entry().number())
                .isEqualTo(3);
    }

    @Test
    void createsOnlyWhatIsNew() {
        Precondition absent = new Precondition.Absent();
        writer.write(request(put("a", true), absent, null));

        assertThatThrownBy(() -> writer.write(request(put("a", true), absent, null)))
                .isInstanceOf(ConflictException.class);
        write(new Command.Delete(A));
        assertThat(writer.write(request(put("a", true), absent, null))
                        .entry()
                        .changes()
                        .getFirst()
                        .created())
                .isTrue();
    }

    @Test
    void findsItsOwnEntryWhenTheAnswerWasLost() {
        world.ledger.loseNextAnswer();

        Accepted accepted = write(put("a", true));

        assertThat(accepted.entry().number()).isEqualTo(1);
        assertThat(world.ledger.log()).hasSize(1);
    }

    @Test
    void triesTheSameNumberAgainWhenTheAppendWasLost() {
        world.ledger.refuseNext();

        assertThat(write(put("a", true)).entry().number()).isEqualTo(1);
        assertThat(world.ledger.log()).hasSize(1);
    }

    @Test
    void answersARepeatWithTheFirstAnswer() {
        WriteRequest create = request(put("a", true), new Precondition.Absent(), "key-1");
        Accepted first = writer.write(create);
        write(turn("a", false));

        Accepted repeat = world.writer().write(create);

        assertThat(repeat.entry()).isEqualTo(first.entry());
        assertThat(world.ledger.log()).hasSize(2);
    }

    @Test
    void refusesAKeyThatWasUsedForAnotherRequest() {
        writer.write(request(put("a", true), Precondition.NONE, "key-1"));

        assertThatThrownBy(() -> writer.write(request(put("a", false), Precondition.NONE, "key-1")))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("Idempotency-Key");
    }

    @Test
    void asksToWaitWhileTheFirstTryMayBeUnderWay() {
        write(put("a", true));
        // claimed by a first try that never got to its append
        WriteRequest create = request(put("a", true), new Precondition.Absent(), "key-1");
        world.ledger.claim(
                Fingerprint.of(List.of("ci", "key-1")),
                create.fingerprint(),
                Position.START,
                world.time.now(),
                world.deadline());

        assertThatThrownBy(() -> writer.write(create)).isInstanceOf(UnavailableException.class);
        world.time.advance(Appender.CLAIM_SETTLES);
        assertThatThrownBy(() -> writer.write(create)).isInstanceOf(ConflictException.class);
    }

    @Test
    void keepsTheChangeAndSaysDelayedWhileNoCacheCanBeTold() {
        world.home.down(true);

        Accepted accepted = write(put("a", true));

        assertThat(accepted.propagation().delayed()).isTrue();
        assertThat(world.metrics.sum(Metric.WRITE_DELAYED)).isEqualTo(1);
        world.home.down(false);
        world.time.advance(Duration.ofSeconds(2));
        assertThat(write(put("b", true)).propagation().delayed()).isFalse();
        assertThat(world.home.read(A).flag()).as("caught up by the next writer").isInstanceOf(CachedFlag.Present.class);
        assertThat(world.home.head().position()).isEqualTo(new Position(2));
    }

    @Test
    void countsACacheThatIsNoLongerWritable() {
        world.home.readOnly(true);

        assertThat(write(put("a", true)).propagation().delayed()).isTrue();
        assertThat(world.metrics.sum(Metric.READ_ONLY_REJECTED)).isGreaterThan(0);
    }

    @Test
    void findsTheNewHomeWithinTheSameWrite() {
        write(put("a", true));
        world.replicate();
        world.home.readOnly(true);
        world.replica.readOnly(false);

        assertThat(write(put("b", true)).propagation()).isEqualTo(new Propagation(false, WriteWorld.HERE));
        assertThat(world.replica.head().position()).isEqualTo(new Position(2));
        assertThat(world.metrics.sum(Metric.WRITE_RETRY)).isEqualTo(1);
        assertThat(world.metrics.sum(Metric.READ_ONLY_REJECTED)).isEqualTo(1);
        assertThat(world.caches.located()).isEqualTo(1);

        write(put("c", true));
        assertThat(world.caches.located()).as("it stays found").isEqualTo(1);
    }

    @Test
    void saysDelayedWithoutVainRetriesWhenNoCacheIsWritable() {
        world.home.down(true);
        int calls = world.home.calls();

        Propagation propagation = write(put("a", true)).propagation();

        assertThat(propagation).isEqualTo(new Propagation(true, WriteWorld.HOME));
        assertThat(world.home.calls() - calls).as("told once, asked once").isEqualTo(2);
        assertThat(world.metrics.sum(Metric.WRITE_RETRY)).isZero();
        assertThat(world.log.lines("propagation_delayed")).hasSize(1);
    }

    @Test
    void tellsACacheThatWasFoundAgainWhateverItsBreakerSays() {
        world.home.down(true);
        for (int i = 0; i < 5; i++) {
            assertThat(write(put("a" + i, true)).propagation().delayed()).isTrue();
        }
        world.home.down(false);

        assertThat(write(put("b", true)).propagation().delayed()).isFalse();
        assertThat(world.home.head().position()).isEqualTo(new Position(6));
    }

    @Test
    void tellsBothOfTwoWritableCaches() {
        world.replica.readOnly(false);
        world.caches.locate(world.deadline());

        assertThat(write(put("a", true)).propagation()).isEqualTo(new Propagation(false, WriteWorld.HOME));

        assertThat(world.home.head().position()).isEqualTo(new Position(1));
        assertThat(world.replica.contents()).isEqualTo(world.home.contents());
    }

    @Test
    void oneOfTwoWritableCachesThatFailsDoesNotStopTheOther() {
        world.replica.readOnly(false);
        world.caches.locate(world.deadline());
        world.home.down(true);

        assertThat(write(put("a", true)).propagation()).isEqualTo(new Propagation(false, WriteWorld.HERE));

        assertThat(world.replica.head().position()).isEqualTo(new Position(1));
        assertThat(world.caches.located())
                .as("the one that failed is suspected")
                .isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"claim", "append"})
    void looksForTheHomeAheadWhenALedgerRegionWasSlow(String slowCall) {
        List<Integer> suspectedAtAppend = new ArrayList<>();
        Ledger slow = ledger((method, call) -> {
            if (method.equals("append")) {
                suspectedAtAppend.add(world.caches.located());
            }
            if (method.equals(slowCall)) {
                world.time.advance(Limits.DEFAULTS.ledgerCall());
            }
            return call.call();
        });

        world.writer(slow).write(request(put("a", true), Precondition.NONE, "key"));

        assertThat(world.caches.located()).isEqualTo(1);
        assertThat(suspectedAtAppend).containsExactly(slowCall.equals("claim") ? 1 : 0);
    }

    @Test
    void asksForTheTailBesideTheAppendOnceItLostARace() throws Exception {
        write(put("a", true));
        write(put("a", false));
        CountDownLatch asked = new CountDownLatch(2);
        AtomicInteger appends = new AtomicInteger();
        Ledger watched = ledger((method, call) -> {
            if (method.equals("entriesAfter")) {
                asked.countDown();
            } else if (method.equals("append") && appends.incrementAndGet() == 2) {
                assertThat(asked.await(10, TimeUnit.SECONDS))
                        .as("asked after the first append, and again before the second has an answer")
                        .isTrue();
            }
            return call.call();
        });

        assertThat(world.writer(watched).write(request(put("b", true))).entry().number())
                .isEqualTo(3);
        assertThat(appends).hasValue(2);
    }

    @Test
    void appendsOnceThoughTheTailBesideWasReadBeforeItsEntryLanded() {
        write(put("a", true));
        CountDownLatch read = new CountDownLatch(2);
        AtomicInteger appends = new AtomicInteger();
        Ledger late = ledger((method, call) -> {
            if (method.equals("append") && appends.incrementAndGet() == 2) {
                assertThat(read.await(10, TimeUnit.SECONDS)).isTrue();
                world.ledger.loseNextAnswer();
            }
            Object answer = call.call();
            if (method.equals("entriesAfter")) {
                read.countDown();
            }
            return answer;
        });

        assertThat(world.writer(late).write(request(put("b", true))).entry().number())
                .isEqualTo(2);
        assertThat(world.ledger.log()).hasSize(2);
        assertThat(appends)
                .as("the behind copy, the lost answer, and the one that meets it")
                .hasValue(3);
    }

    private interface Watch {
        Object see(String method, Callable<Object> call) throws Exception;
    }

    private Ledger ledger(Watch watch) {
        return (Ledger) Proxy.newProxyInstance(
                Ledger.class.getClassLoader(),
                new Class<?>[] {Ledger.class},
                (_, method, arguments) -> watch.see(method.getName(), () -> method.invoke(world.ledger, arguments)));
    }

    @Test
    void hearsOfTheHomeFromTheReplica() {
        write(put("a", true));

        assertThat(world.caches.hints()).containsExactly(WriteWorld.HOME);
    }

    @Test
    void loadsAnEmptyCache() {
        write(put("a", true));
        write(put("b", true));
        world.home.flush();

        assertThat(write(put("c", true)).propagation().delayed()).isFalse();
        assertThat(world.home.readAll().flags()).hasSize(3);
        assertThat(world.home.head().position()).isEqualTo(new Position(3));
    }

    @Test
    void loadsACacheThatIsHopelesslyBehind() {
        write(put("a", true));
        var early = world.home.contents();
        for (int i = 0; i < CatchUp.BEHIND_MAX + 1; i++) {
            write(turn("a", i % 2 == 0));
        }
        world.home.restore(early);

        assertThat(write(put("b", true)).propagation().delayed()).isFalse();
        assertThat(world.home.head().position()).isEqualTo(new Position(CatchUp.BEHIND_MAX + 3));
        assertThat(world.log.lines("cache_loaded")).hasSize(1);
    }

    @Test
    void refusesWhenNoRegionOfTheLedgerAnswers() {
        world.ledger.down(true);

        assertThatThrownBy(() -> write(put("a", true))).isInstanceOf(UnavailableException.class);
        world.ledger.down(false);
        assertThat(inLedger(A)).isEqualTo(FlagState.ABSENT);
    }

    @Test
    void importsManyFlagsInOneEntryAndLeavesEqualOnesAlone() {
        write(put("a", true));
        write(put("old", true));
        SortedMap<FlagKey, FlagDefinition> file = new TreeMap<>();
        file.put(A, WriteWorld.definition(true));
        file.put(new FlagKey("b"), WriteWorld.definition(false));

        Decision.Accept preview = writer.preview(new Command.Import(file, true));
        Accepted accepted = write(new Command.Import(file, true));

        assertThat(accepted.entry().changes())
                .extracting(change -> change.key().value())
                .containsExactlyInAnyOrder("b", "old")
                .containsExactlyInAnyOrderElementsOf(preview.changes().stream()
                        .map(change -> change.key().value())
                        .toList());
        assertThat(inLedger(new FlagKey("old"))).isEqualTo(new FlagState.Deleted(3));
        assertThat(inLedger(A).version()).isEqualTo(1);
    }

    @Test
    void refusesAnImportThatOneEntryCannotHold() {
        SortedMap<FlagKey, FlagDefinition> file = new TreeMap<>();
        for (int i = 0; i <= Entry.CHANGES_MAX; i++) {
            file.put(new FlagKey("f" + i), WriteWorld.definition(true));
        }

        assertThatThrownBy(() -> write(new Command.Import(file, false)))
                .isInstanceOf(TooLargeException.class)
                .hasMessageContaining("split the file");
    }

    @Test
    void revertsToAnOldContentAsANewVersion() {
        write(put("a", true));
        write(turn("a", false));
        write(new Command.Delete(A));

        FlagDefinition old = writer.contentOf(A, 1);
        Accepted reverted = write(new Command.Revert(A, old));

        assertThat(reverted.entry().number()).isEqualTo(4);
        assertThat(((FlagState.Live) inLedger(A)).json()).contains("\"defaultVariant\":\"on\"");
        assertThatThrownBy(() -> writer.contentOf(A, 3)).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> writer.contentOf(A, 99)).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> writer.contentOf(new FlagKey("b"), 1)).isInstanceOf(NotFoundException.class);
    }

    @Test
    void putsAMarkerInPlaceOfAnInvalidatedFlag() {
        write(put("a", true));

        assertThat(write(new Command.Invalidate(A)).entry().kind()).isEqualTo(Entry.Kind.INVALIDATE);
        assertThat(world.home.read(A).flag()).isEqualTo(new CachedFlag.Marker(2));
        assertThat(inLedger(A).version())
                .as("an invalidation is no new version")
                .isEqualTo(1);
    }

    @Test
    void aDelayedWriteDoesNotWaitForTheRoundBesideIt() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        Ledger hung = ledger((method, call) -> {
            if (method.equals("materialise")) {
                answered.await();
            }
            return call.call();
        });
        WriteFlag other = world.writer(hung);
        for (int i = 1; i < Housekeeping.EVERY; i++) {
            other.write(request(put("a", i % 2 == 0)));
        }
        world.home.down(true);

        assertThat(other.write(request(put("b", true))).propagation().delayed()).isTrue();

        assertThat(world.log.lines("materialise_unfinished"))
                .as("of a wait in vain")
                .isEmpty();
        answered.countDown();
    }

    @Test
    void materialisesTheLedgerNowAndThen() {
        for (int i = 0; i < Housekeeping.EVERY; i++) {
            write(put("a", i % 2 == 0));
        }

        assertThat(world.ledger.materialise(world.deadline())).isZero();
    }
}
