package dev.burgee.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.health.Healths;
import dev.burgee.ledger.Ledger.Appended;
import dev.burgee.region.Region;
import dev.burgee.time.Deadline;
import dev.burgee.time.SystemTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every ledger does. Each test gets an empty one. */
abstract class LedgerContract {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    abstract Ledger ledger();

    static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30), new SystemTime());
    }

    static FlagKey key(String key) {
        return new FlagKey(key);
    }

    @Test
    void anEmptyLedgerIsAtTheStart() {
        assertThat(ledger().entriesAfter(Position.START, 10, soon())).isEmpty();
        assertThat(ledger().read(key("a"), soon())).isEqualTo(new FlagReading(FlagState.ABSENT, Position.START));
        assertThat(ledger().readAll(soon()).flags()).isEmpty();
        assertThat(ledger().readAll(soon()).position()).isEqualTo(Position.START);
        assertThat(ledger().readAll(soon()).home()).isNull();
        assertThat(ledger().history(key("a"), Long.MAX_VALUE, 10, soon())).isEmpty();
        assertThat(ledger().materialise(soon())).isZero();
        assertThat(ledger().end(soon())).isEqualTo(Position.START);
    }

    @Test
    void takesAnEntryOnlyIfItsNumberIsFree() {
        assertThat(ledger().append(Entries.put(1, "a", "first"), soon())).isEqualTo(Appended.DONE);

        assertThat(ledger().append(Entries.put(1, "b", "second"), soon())).isEqualTo(Appended.UNCLEAR);

        assertThat(ledger().entriesAfter(Position.START, 10, soon())).containsExactly(Entries.put(1, "a", "first"));
    }

    @Test
    void ofManyWritersOfOneNumberExactlyOneIsDone() throws Exception {
        List<Callable<Appended>> writers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Entry entry = Entries.put(1, "a", "writer-" + i);
            writers.add(() -> ledger().append(entry, soon()));
        }

        List<Appended> outcomes = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Appended> outcome : threads.invokeAll(writers)) {
                outcomes.add(outcome.get());
            }
        }

        assertThat(outcomes).filteredOn(outcome -> outcome == Appended.DONE).hasSize(1);
        assertThat(ledger().entriesAfter(Position.START, 10, soon())).hasSize(1);
    }

    @Test
    void givesTheEntriesAfterAPositionInOrder() {
        append(12);

        assertThat(ledger().entriesAfter(new Position(9), 10, soon()))
                .extracting(Entry::number)
                .containsExactly(10L, 11L, 12L);
        assertThat(ledger().entriesAfter(Position.START, 2, soon()))
                .extracting(Entry::number)
                .containsExactly(1L, 2L);
        assertThat(ledger().entriesAfter(new Position(12), 10, soon())).isEmpty();
        assertThat(ledger().entriesAfter(new Position(99), 10, soon())).isEmpty();
        assertThat(ledger().end(soon())).isEqualTo(new Position(12));
    }

    @Test
    void showsAFlagAsItsLastChangeLeftIt() {
        ledger().append(Entries.put(1, "a"), soon());
        ledger().append(Entries.put(2, "b"), soon());
        ledger().append(Entries.put(3, "a"), soon());
        ledger().append(Entries.delete(4, "b"), soon());

        eachStateOfMaterialising(() -> {
            assertThat(ledger().read(key("a"), soon()))
                    .isEqualTo(new FlagReading(Entries.state(3, "a"), new Position(4)));
            assertThat(ledger().read(key("b"), soon()))
                    .isEqualTo(new FlagReading(new FlagState.Deleted(4), new Position(4)));
            assertThat(ledger().read(key("c"), soon())).isEqualTo(new FlagReading(FlagState.ABSENT, new Position(4)));
            assertThat(ledger().readAll(soon()).flags())
                    .isEqualTo(java.util.Map.of(key("a"), Entries.state(3, "a"), key("b"), new FlagState.Deleted(4)));
            assertThat(ledger().readAll(soon()).position()).isEqualTo(new Position(4));
        });
    }

    @Test
    void invalidationsChangeNothing() {
        ledger().append(Entries.put(1, "a"), soon());
        ledger().append(Entries.put(2, "a"), soon());
        ledger().append(Entries.invalidate(3, "a", 2), soon());

        eachStateOfMaterialising(() -> {
            assertThat(ledger().read(key("a"), soon()))
                    .isEqualTo(new FlagReading(Entries.state(2, "a"), new Position(3)));
            assertThat(ledger().readAll(soon()).flags())
                    .containsExactly(java.util.Map.entry(key("a"), Entries.state(2, "a")));
            assertThat(ledger().readAll(soon()).position()).isEqualTo(new Position(3));
            assertThat(ledger().history(key("a"), Long.MAX_VALUE, 10, soon()))
                    .extracting(Entry::number)
                    .containsExactly(2L, 1L);
        });
    }

    @Test
    void theLastPromotionNamesTheHome() {
        ledger().append(Entries.promotion(1, "us-east-1"), soon());
        ledger().append(Entries.put(2, "a"), soon());
        ledger().append(Entries.promotion(3, "eu-west-1"), soon());

        eachStateOfMaterialising(
                () -> assertThat(ledger().readAll(soon()).home()).isEqualTo(new Region("eu-west-1")));

        ledger().append(Entries.put(4, "a"), soon());
        eachStateOfMaterialising(
                () -> assertThat(ledger().readAll(soon()).home()).isEqualTo(new Region("eu-west-1")));
    }

    @Test
    void countsPromotionsAndKeepsTheLast() {
        assertThat(ledger().lastPromotion(soon())).isEmpty();
        ledger().append(Entries.put(1, "a"), soon());
        eachStateOfMaterialising(
                () -> assertThat(ledger().lastPromotion(soon())).isEmpty());

        ledger().append(Entries.promotion(2, "us-east-1"), soon());
        ledger().append(Entries.put(3, "a"), soon());
        eachStateOfMaterialising(() -> assertThat(ledger().lastPromotion(soon()))
                .contains(new Promotion(
                        new Region("us-east-1"),
                        1,
                        Entries.promotion(2, "us-east-1").at(),
                        2)));

        ledger().append(Entries.promotion(4, "eu-west-1"), soon());
        ledger().append(Entries.promotion(5, "eu-west-1"), soon());
        ledger().append(Entries.put(6, "a"), soon());
        var last = new Promotion(
                new Region("eu-west-1"), 3, Entries.promotion(5, "eu-west-1").at(), 5);
        eachStateOfMaterialising(() -> {
            assertThat(ledger().lastPromotion(soon())).contains(last);
            assertThat(ledger().readAll(soon()).promotion()).isEqualTo(last);
        });
    }

    @Test
    void keepsTheNewestViewOfEachRegion() {
        assertThat(ledger().views(soon())).isEmpty();
        RegionView east = view("us-east-1", NOON, 0, new Position(7));
        RegionView west = view("eu-west-1", NOON, 2, null);
        ledger().leave(east, soon());
        ledger().leave(west, soon());

        assertThat(ledger().views(soon())).containsExactly(west, east);

        RegionView newer = view("eu-west-1", NOON.plusMillis(1), 3, Position.START);
        ledger().leave(newer, soon());
        ledger().leave(view("eu-west-1", NOON, 9, null), soon());
        ledger().leave(view("eu-west-1", NOON.plusMillis(1), 8, null), soon());

        assertThat(ledger().views(soon())).containsExactly(newer, east);
        assertThat(ledger().entriesAfter(Position.START, 10, soon())).isEmpty();
    }

    @Test
    void samplesWhatIsMaterialised() {
        List<String> keys = List.of("a", "b", "c", "d");
        for (int i = 0; i < keys.size(); i++) {
            ledger().append(Entries.put(i + 1L, keys.get(i)), soon());
        }
        assertThat(ledger().materialise(soon())).isZero();
        ledger().append(Entries.put(5, "b"), soon());

        StateSample all = ledger().sample(List.of(), 100, soon());
        assertThat(all.checkpoint()).isEqualTo(new Position(4));
        assertThat(all.states().keySet().stream().map(FlagKey::value)).containsExactly("a", "b", "c", "d");
        StateSample some = ledger().sample(List.of(new FlagKey("b"), new FlagKey("z")), 1, soon());
        assertThat(some.states().keySet().stream().map(FlagKey::value)).containsExactly("b", "c", "z");
        assertThat(some.states().values().stream().map(FlagState::version)).containsExactly(2L, 3L, 0L);
        assertThat(ledger().sample(List.of(new FlagKey("d")), 9, soon()).states())
                .hasSize(1);
    }

    @Test
    void keepsWhatAViewMeasured() {
        RegionView old = view("us-east-1", NOON, 0, new Position(7));
        RegionView measured = new RegionView(
                new Region("eu-west-1"), NOON, new Region("us-east-1"), 0, false, new Position(7), Healths.good());
        ledger().leave(old, soon());
        ledger().leave(measured, soon());

        assertThat(ledger().views(soon())).containsExactly(measured, old);
        assertThat(ViewFormat.read(ViewFormat.write(measured))).contains(measured);
        assertThat(ViewFormat.read(ViewFormat.write(old))).contains(old);
        assertThat(ViewFormat.read("{}")).isEmpty();
    }

    private static RegionView view(String region, Instant at, int failures, @Nullable Position position) {
        return new RegionView(new Region(region), at, new Region("us-east-1"), failures, failures == 0, position);
    }

    @Test
    void historyIsNewestFirstAndPaged() {
        for (long number = 1; number <= 9; number++) {
            ledger().append(Entries.put(number, number % 3 == 0 ? "other" : "a"), soon());
        }
        ledger().append(Entries.delete(10, "a"), soon());

        eachStateOfMaterialising(() -> {
            assertThat(ledger().history(key("a"), Long.MAX_VALUE, 3, soon()))
                    .containsExactly(Entries.delete(10, "a"), Entries.put(8, "a"), Entries.put(7, "a"));
            assertThat(ledger().history(key("a"), 7, 3, soon()))
                    .extracting(Entry::number)
                    .containsExactly(5L, 4L, 2L);
            assertThat(ledger().history(key("a"), 2, 3, soon()))
                    .extracting(Entry::number)
                    .containsExactly(1L);
        });
    }

    @Test
    void historySpansWhatIsMaterialisedAndWhatIsNot() {
        append(3);
        ledger().materialise(soon());
        ledger().append(Entries.put(4, "flag-1"), soon());
        ledger().append(Entries.importOf(5, "flag", 10), soon());

        assertThat(ledger().history(key("flag-1"), Long.MAX_VALUE, 10, soon()))
                .extracting(Entry::number)
                .containsExactly(5L, 4L, 1L);
        assertThat(ledger().history(key("flag-1"), 5, 1, soon()))
                .extracting(Entry::number)
                .containsExactly(4L);
    }

    @Test
    void anImportOfAThousandFlagsIsOneEntry() {
        Entry entry = Entries.importOf(1, "many", 1_000);
        assertThat(ledger().append(entry, soon())).isEqualTo(Appended.DONE);

        assertThat(ledger().entriesAfter(Position.START, 1, soon())).containsExactly(entry);
        eachStateOfMaterialising(() -> {
            assertThat(ledger().readAll(soon()).flags()).hasSize(1_000);
            assertThat(ledger().read(key("many-999"), soon()).state()).isEqualTo(Entries.state(1, "many-999"));
        });
    }

    @Test
    void materialisesAtMostAHundredEntriesAtATimeAndSaysHowManyAreLeft() {
        append(230);

        assertThat(ledger().materialise(soon())).isEqualTo(130);
        assertThat(ledger().materialise(soon())).isEqualTo(30);
        assertThat(ledger().materialise(soon())).isZero();
        assertThat(ledger().materialise(soon())).isZero();
        assertThat(ledger().readAll(soon()).flags()).hasSize(230);
    }

    @Test
    void aRepeatedClaimFindsTheFirst() {
        assertThat(ledger().claim("op", "print", new Position(3), NOON, soon())).isEqualTo(new Claim.Fresh());

        assertThat(ledger().claim("op", "other", new Position(9), NOON.plusSeconds(10), soon()))
                .isEqualTo(new Claim.Repeat(new Position(3), "print", NOON));
        assertThat(ledger().claim("another", "print", new Position(9), NOON, soon()))
                .isEqualTo(new Claim.Fresh());
    }

    @Test
    void aClaimIsForgottenAfterADay() {
        Instant nearlyADay = NOON.plus(Duration.ofDays(1)).minusMillis(1);
        ledger().claim("op", "print", new Position(3), NOON, soon());
        assertThat(ledger().claim("op", "new", new Position(9), nearlyADay, soon()))
                .isEqualTo(new Claim.Repeat(new Position(3), "print", NOON));

        Instant aDay = NOON.plus(Duration.ofDays(1));

        assertThat(ledger().claim("op", "new", new Position(9), aDay, soon())).isEqualTo(new Claim.Fresh());
        assertThat(ledger().claim("op", "newer", new Position(10), aDay, soon()))
                .isEqualTo(new Claim.Repeat(new Position(9), "new", aDay));
    }

    @Test
    void ofManyClaimsOfOneKeyExactlyOneIsFresh() throws Exception {
        List<Callable<Claim>> claimants = IntStream.range(0, 8)
                .<Callable<Claim>>mapToObj(i -> () -> ledger().claim("op", "print", Position.START, NOON, soon()))
                .toList();

        List<Claim> claims = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Claim> claim : threads.invokeAll(claimants)) {
                claims.add(claim.get());
            }
        }

        assertThat(claims).filteredOn(claim -> claim instanceof Claim.Fresh).hasSize(1);
    }

    /** Puts entries 1 to count, each of a flag of its own. */
    final void append(int count) {
        LongStream.rangeClosed(1, count)
                .forEach(number -> assertThat(ledger().append(Entries.put(number, "flag-" + number), soon()))
                        .isEqualTo(Appended.DONE));
    }

    private void eachStateOfMaterialising(Runnable assertions) {
        assertions.run();
        ledger().materialise(soon());
        assertions.run();
    }
}
