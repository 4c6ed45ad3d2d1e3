package dev.burgee.cache;

import static dev.burgee.cache.LedgerLog.EPOCH;
import static dev.burgee.cache.LedgerLog.HOME;
import static dev.burgee.cache.LedgerLog.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burgee.flag.FlagState;
import dev.burgee.health.CacheVitals;
import dev.burgee.ledger.Entry;
import dev.burgee.ledger.LedgerState;
import dev.burgee.ledger.Position;
import dev.burgee.region.Region;
import dev.burgee.time.SystemTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link FlagCache} must do; the adapter and the fake run it alike. */
abstract class FlagCacheContract {
    final LedgerLog ledger = new LedgerLog();

    /** An empty cache of us-east-1. */
    abstract FlagCache cache();

    abstract void flush();

    abstract void loseRecent();

    /** Runs the change, then puts everything but the recent list back as it was before. */
    abstract void undo(Runnable change);

    private FlagCache loaded() {
        cache().load(ledger.state(), EPOCH, null);
        return cache();
    }

    private static CachedFlag live(String key, long version) {
        return new CachedFlag.Present(new FlagState.Live(version, LedgerLog.document(key, version)));
    }

    private static CachedFlag deleted(long version) {
        return new CachedFlag.Present(new FlagState.Deleted(version));
    }

    private static Position at(long number) {
        return new Position(number);
    }

    // ---- empty

    @Test
    void showsNothingWhileItIsEmpty() {
        assertThat(cache().head()).isEqualTo(new CacheHead(null, null, null));
        assertThat(cache().read(key("a"))).isEqualTo(new CacheReading(cache().head(), CachedFlag.MISSING));
        assertThat(cache().readAll().flags()).isEmpty();
        assertThat(cache().newsSince(at(0)).contiguous()).isFalse();
    }

    @Test
    void asksToBeLoadedWhileItIsEmpty() {
        assertThat(cache().apply(List.of(ledger.put("a")), null)).isEqualTo(new Applied.Empty());
        cache().confirm(at(0), EPOCH);
        assertThat(cache().fill(key("a"), 1, FlagState.ABSENT)).isFalse();
        assertThat(cache().head()).isEqualTo(new CacheHead(null, null, null));
    }

    @Test
    void loadsTheEmptyLedgerToo() {
        assertThat(cache().load(ledger.state(), EPOCH, null)).isTrue();

        assertThat(cache().head()).isEqualTo(new CacheHead(at(0), EPOCH, null));
        assertThat(cache().apply(List.of(ledger.put("a")), null)).isEqualTo(new Applied.Reached(at(1)));
    }

    @Test
    void saysThatItIsWritable() {
        assertThat(cache().standing()).isEqualTo(new CacheStanding(true, new CacheHead(null, null, null)));

        assertThat(loaded().standing()).isEqualTo(new CacheStanding(true, cache().head()));
    }

    // ---- apply

    @Test
    void appliesEntriesInOrder() {
        FlagCache cache = loaded();

        assertThat(cache.apply(List.of(ledger.put("a"), ledger.put("b"), ledger.delete("a")), null))
                .isEqualTo(new Applied.Reached(at(3)));

        assertThat(cache.head().position()).isEqualTo(at(3));
        assertThat(cache.read(key("a")).flag()).isEqualTo(deleted(3));
        assertThat(cache.read(key("b")).flag()).isEqualTo(live("b", 2));
        assertThat(cache.read(key("c")).flag()).isEqualTo(CachedFlag.MISSING);
    }

    @Test
    void ignoresAnEntryThatComesTwice() {
        FlagCache cache = loaded();
        Entry first = ledger.put("a");
        cache.apply(List.of(first, ledger.put("a")), null);

        assertThat(cache.apply(List.of(first), null)).isEqualTo(new Applied.Reached(at(2)));

        assertThat(cache.read(key("a")).flag()).isEqualTo(live("a", 2));
        assertThat(cache.newsSince(at(0)).contiguous()).isTrue();
    }

    @Test
    void answersItsPositionAtAGapAndKeepsWhatItHas() {
        FlagCache cache = loaded();
        ledger.put("a");
        Entry second = ledger.put("a");

        assertThat(cache.apply(List.of(second), null)).isEqualTo(new Applied.Gap(at(0)));
        assertThat(cache.read(key("a")).flag()).isEqualTo(CachedFlag.MISSING);

        assertThat(cache.apply(ledger.entries(1, 2), null)).isEqualTo(new Applied.Reached(at(2)));
        assertThat(cache.read(key("a")).flag()).isEqualTo(live("a", 2));
    }

    @Test
    void takesTheNewPartOfWhatItKnowsInPart() {
        FlagCache cache = loaded();
        cache.apply(List.of(ledger.put("a")), null);

        cache.apply(List.of(ledger.entries(1, 1).getFirst(), ledger.put("b")), null);

        assertThat(cache.head().position()).isEqualTo(at(2));
        assertThat(cache.newsSince(at(0)).changed()).containsExactlyInAnyOrder(key("a"), key("b"));
    }

    @Test
    void appliesMoreEntriesThanOneCallTakes() {
        FlagCache cache = loaded();
        IntStream.range(0, 400).forEach(i -> ledger.put("flag-" + i % 7));

        assertThat(cache.apply(ledger.all(), null)).isEqualTo(new Applied.Reached(at(400)));

        assertThat(cache.read(key("flag-0")).flag()).isEqualTo(live("flag-0", 400));
    }

    @Test
    void notesTheHomeThatAPromotionNames() {
        FlagCache cache = loaded();

        cache.apply(List.of(ledger.promotion(new Region("eu-west-1"))), null);

        assertThat(cache.head()).isEqualTo(new CacheHead(at(1), EPOCH, new Region("eu-west-1")));
        assertThat(cache.newsSince(at(0)).contiguous()).isTrue();
        assertThat(cache.newsSince(at(0)).changed()).isEmpty();
    }

    @Test
    void readsSomeFlagsAtOneInstant() {
        FlagCache cache = loaded();
        cache.apply(List.of(ledger.put("a"), ledger.delete("b")), null);

        CacheSnapshot snapshot = cache.read(List.of(key("b"), key("a"), key("c")));

        assertThat(snapshot.head().position()).isEqualTo(at(2));
        assertThat(snapshot.flags())
                .hasSize(3)
                .containsEntry(key("a"), live("a", 1))
                .containsEntry(key("b"), deleted(2))
                .containsEntry(key("c"), CachedFlag.MISSING);
    }

    @Test
    void readsEverythingAtOneInstant() {
        FlagCache cache = loaded();
        cache.apply(List.of(ledger.put("a"), ledger.delete("b"), ledger.invalidate("a")), null);

        assertThat(cache.readAll().head().position()).isEqualTo(at(3));
        assertThat(cache.readAll().flags())
                .hasSize(2)
                .containsEntry(key("a"), new CachedFlag.Marker(3))
                .containsEntry(key("b"), deleted(2));
    }

    // ---- markers and fills

    @Test
    void fillsTheMarkerThatTheReaderMet() {
        FlagCache cache = loaded();
        cache.apply(List.of(ledger.put("a"), ledger.invalidate("a")), null);
        assertThat(cache.read(key("a")).flag()).isEqualTo(new CachedFlag.Marker(2));

        assertThat(cache.fill(key("a"), 2, ledger.state("a"))).isTrue();

        assertThat(cache.read(key("a")).flag()).isEqualTo(live("a", 1));
        assertThat(cache.head().position()).isEqualTo(at(2));
    }

    @Test
    void refusesASlowFillAfterALaterChange() {
        FlagCache cache = loaded();
        cache.apply(List.of(ledger.put("a"), ledger.invalidate("a")), null);
        FlagState slow = ledger.state("a");
        cache.apply(List.of(ledger.put("a")), null);

        assertThat(cache.fill(key("a"), 2, slow)).isFalse();

        assertThat(cache.read(key("a")).flag()).isEqualTo(live("a", 3));
    }

    @Test
    void refusesASlowFillAfterADelete() {
        FlagCache cache = loaded();
        cache.apply(List.of(ledger.put("a"), ledger.invalidate("a")), null);
        FlagState slow = ledger.state("a");
        cache.apply(List.of(ledger.delete("a")), null);

        assertThat(cache.fill(key("a"), 2, slow)).isFalse();

        assertThat(cache.read(key("a")).flag()).isEqualTo(deleted(3));
    }

    @Test
    void refusesASlowFillAfterASecondInvalidation() {
        FlagCache cache = loaded();
        cache.apply(List.of(ledger.put("a"), ledger.invalidate("a")), null);
        FlagState slow = ledger.state("a");
        cache.apply(List.of(ledger.put("a"), ledger.invalidate("a")), null);

        assertThat(cache.fill(key("a"), 2, slow)).isFalse();

        assertThat(cache.read(key("a")).flag()).isEqualTo(new CachedFlag.Marker(4));
    }

    @Test
    void refusesAFillFromBeyondItsPosition() {
        FlagCache cache = loaded();
        cache.apply(List.of(ledger.put("a"), ledger.invalidate("a")), null);
        ledger.put("a");

        assertThat(cache.fill(key("a"), 2, ledger.state("a"))).isFalse();

        assertThat(cache.read(key("a")).flag()).isEqualTo(new CachedFlag.Marker(2));
    }

    @Test
    void fillsWithATombstoneAndWithNothing() {
        FlagCache cache = loaded();
        cache.apply(List.of(ledger.delete("a"), ledger.invalidate("a"), ledger.invalidate("b")), null);

        assertThat(cache.fill(key("a"), 2, ledger.state("a"))).isTrue();
        assertThat(cache.fill(key("b"), 3, FlagState.ABSENT)).isTrue();

        assertThat(cache.read(key("a")).flag()).isEqualTo(deleted(1));
        assertThat(cache.read(key("b")).flag()).isEqualTo(CachedFlag.MISSING);
    }

    // ---- confirm

    @Test
    void confirmsTheEndAlongWithTheEntryThatMadeIt() {
        FlagCache cache = loaded();
        Entry first = ledger.put("a");
        Entry second = ledger.put("a");
        Entry third = ledger.put("a");
        Instant later = EPOCH.plusSeconds(60);

        cache.apply(List.of(first), later);
        assertThat(cache.head().checked()).isEqualTo(later);
        cache.apply(List.of(third), later.plusSeconds(60));
        assertThat(cache.head().checked()).as("not across a gap").isEqualTo(later);
        cache.apply(List.of(second, third), later.minusSeconds(1));
        assertThat(cache.head().checked()).as("never back").isEqualTo(later);
    }

    @Test
    void believesAConfirmationOnlyWhenItHasReachedThatEnd() {
        FlagCache cache = loaded();
        cache.apply(List.of(ledger.put("a")), null);
        ledger.put("a");

        cache.confirm(at(2), EPOCH.plusSeconds(60));
        assertThat(cache.head().checked()).isEqualTo(EPOCH);

        cache.confirm(at(1), EPOCH.plusSeconds(30));
        assertThat(cache.head().checked()).isEqualTo(EPOCH.plusSeconds(30));
    }

    @Test
    void neverDatesAConfirmationBack() {
        FlagCache cache = loaded();

        cache.confirm(at(0), EPOCH.plusSeconds(60));
        cache.confirm(at(0), EPOCH.plusSeconds(30));

        assertThat(cache.head().checked()).isEqualTo(EPOCH.plusSeconds(60));
    }

    // ---- load

    @Test
    void loadsStateTombstonesAndHome() {
        ledger.put("a");
        ledger.delete("b");
        ledger.promotion(HOME);

        assertThat(cache().load(ledger.state(), EPOCH, new Region("eu-west-1"))).isTrue();

        assertThat(cache().head()).isEqualTo(new CacheHead(at(3), EPOCH, HOME));
        assertThat(cache().readAll().flags())
                .hasSize(2)
                .containsEntry(key("a"), live("a", 1))
                .containsEntry(key("b"), deleted(2));
    }

    @Test
    void notesTheHomeThatTheLoaderKnowsWhenTheStateNamesNone() {
        cache().load(ledger.state(), EPOCH, new Region("eu-west-1"));

        assertThat(cache().head().home()).isEqualTo(new Region("eu-west-1"));
    }

    @Test
    void refusesALoadThatIsNotNewer() {
        FlagCache cache = loaded();
        ledger.put("a");
        LedgerState old = ledger.state();
        cache.apply(List.of(ledger.all().getFirst(), ledger.put("a")), null);

        assertThat(cache.load(old, EPOCH.plusSeconds(60), null)).isFalse();
        assertThat(cache.load(ledger.state(), EPOCH.plusSeconds(60), null)).isFalse();

        assertThat(cache.head()).isEqualTo(new CacheHead(at(2), EPOCH, null));
        assertThat(cache.read(key("a")).flag()).isEqualTo(live("a", 2));
    }

    @Test
    void replacesAllThatIsOlderByALoad() {
        FlagCache cache = loaded();
        cache.apply(List.of(ledger.put("a"), ledger.invalidate("a")), null);
        ledger.put("b");

        assertThat(cache.load(ledger.state(), EPOCH.plusSeconds(60), null)).isTrue();

        assertThat(cache.head()).isEqualTo(new CacheHead(at(3), EPOCH.plusSeconds(60), null));
        assertThat(cache.readAll().flags())
                .hasSize(2)
                .containsEntry(key("a"), live("a", 1))
                .containsEntry(key("b"), live("b", 3));
    }

    @Test
    void goesOnWithEntriesAfterALoad() {
        ledger.put("a");
        cache().load(ledger.state(), EPOCH, null);

        assertThat(cache().apply(List.of(ledger.all().getFirst(), ledger.put("a")), null))
                .isEqualTo(new Applied.Reached(at(2)));

        assertThat(cache().read(key("a")).flag()).isEqualTo(live("a", 2));
    }

    @Test
    void loadsManyFlags() {
        IntStream.range(0, 1_500).forEach(i -> ledger.put("flag-" + i));

        assertThat(cache().load(ledger.state(), EPOCH, null)).isTrue();

        assertThat(cache().readAll().flags()).hasSize(1_500).containsEntry(key("flag-1499"), live("flag-1499", 1_500));
    }

    // ---- news

    @Test
    void provesThatNothingChanged() {
        FlagCache cache = loaded();
        cache.apply(List.of(ledger.put("a")), null);

        CacheNews news = cache.newsSince(at(1));

        assertThat(news.contiguous()).isTrue();
        assertThat(news.changed()).isEmpty();
        assertThat(news.head().position()).isEqualTo(at(1));
    }

    @Test
    void bringsJustWhatChanged() {
        FlagCache cache = loaded();
        cache.apply(
                List.of(ledger.put("a"), ledger.put("b"), ledger.put("c"), ledger.put("b"), ledger.invalidate("c")),
                null);

        CacheNews news = cache.newsSince(at(1));

        assertThat(news.contiguous()).isTrue();
        assertThat(news.changed()).containsExactly(key("b"), key("c"));
        assertThat(news.values())
                .hasSize(2)
                .containsEntry(key("b"), live("b", 4))
                .containsEntry(key("c"), new CachedFlag.Marker(5));
    }

    @Test
    void namesMoreFlagsThanItBrings() {
        FlagCache cache = loaded();
        IntStream.range(0, 40).forEach(i -> ledger.put("flag-" + i));
        cache.apply(ledger.all(), null);

        CacheNews news = cache.newsSince(at(0));

        assertThat(news.changed()).hasSize(40);
        assertThat(news.values()).hasSize(FlagCache.VALUES_MAX).containsEntry(key("flag-31"), live("flag-31", 32));
    }

    @Test
    void provesNothingToAReaderThatIsAheadOfIt() {
        FlagCache cache = loaded();
        cache.apply(List.of(ledger.put("a")), null);

        assertThat(cache.newsSince(at(2)).contiguous()).isFalse();
        assertThat(cache.newsSince(at(2)).head().position()).isEqualTo(at(1));
    }

    @Test
    void provesNothingAcrossALoad() {
        FlagCache cache = loaded();
        cache.apply(List.of(ledger.put("a")), null);
        ledger.put("b");
        cache.load(ledger.state(), EPOCH, null);

        assertThat(cache.newsSince(at(1)).contiguous()).isFalse();
        cache.apply(List.of(ledger.put("c")), null);
        assertThat(cache.newsSince(at(1)).contiguous()).isFalse();
        assertThat(cache.newsSince(at(2)).changed()).containsExactly(key("c"));
    }

    @Test
    void provesNothingOnceTheListIsLost() {
        FlagCache cache = loaded();
        cache.apply(List.of(ledger.put("a"), ledger.put("b")), null);

        loseRecent();

        assertThat(cache.newsSince(at(1)).contiguous()).isFalse();
        assertThat(cache.newsSince(at(2)).contiguous()).isTrue();
        cache.apply(List.of(ledger.put("c")), null);
        assertThat(cache.newsSince(at(1)).contiguous()).isFalse();
        assertThat(cache.newsSince(at(2)).changed()).containsExactly(key("c"));
    }

    @Test
    void provesNothingBeyondTheEndOfTheList() {
        FlagCache cache = loaded();
        IntStream.range(0, 1_010).forEach(i -> ledger.put("flag-" + i % 5));
        cache.apply(ledger.all(), null);

        assertThat(cache.newsSince(at(9)).contiguous()).isFalse();
        assertThat(cache.newsSince(at(10)).contiguous()).isTrue();
        assertThat(cache.newsSince(at(10)).changed()).hasSize(5);
    }

    @Test
    void provesNothingAcrossALargeImport() {
        FlagCache cache = loaded();
        String[] keys = IntStream.range(0, 51).mapToObj(i -> "flag-" + i).toArray(String[]::new);
        cache.apply(List.of(ledger.imports("a", "b"), ledger.imports(keys), ledger.put("c")), null);

        assertThat(cache.newsSince(at(0)).contiguous()).isFalse();
        assertThat(cache.newsSince(at(1)).contiguous()).isFalse();
        assertThat(cache.newsSince(at(2)).changed()).containsExactly(key("c"));
        assertThat(cache.readAll().flags()).hasSize(54);
    }

    @Test
    void provesNothingWhenTheListOutlivedTheHash() {
        FlagCache cache = loaded();
        cache.apply(List.of(ledger.put("a")), null);
        undo(() -> cache.apply(List.of(ledger.put("b"), ledger.put("c")), null));

        assertThat(cache.head().position()).isEqualTo(at(1));
        assertThat(cache.newsSince(at(0)).contiguous()).isFalse();
    }

    // ---- losses

    @Test
    void isEmptyAfterAFlush() {
        FlagCache cache = loaded();
        cache.apply(List.of(ledger.put("a")), null);

        flush();

        assertThat(cache.head()).isEqualTo(new CacheHead(null, null, null));
        assertThat(cache.apply(List.of(ledger.put("b")), null)).isEqualTo(new Applied.Empty());
    }

    @Test
    void showsASmallerPositionAfterItLostItsTailAndCatchesUp() {
        FlagCache cache = loaded();
        cache.apply(List.of(ledger.put("a")), null);
        undo(() -> cache.apply(List.of(ledger.put("a"), ledger.put("b")), null));

        assertThat(cache.read(key("a"))).isEqualTo(new CacheReading(new CacheHead(at(1), EPOCH, null), live("a", 1)));
        assertThat(cache.apply(List.of(ledger.put("c")), null)).isEqualTo(new Applied.Gap(at(1)));
        assertThat(cache.apply(ledger.entries(2, 4), null)).isEqualTo(new Applied.Reached(at(4)));
        assertThat(cache.read(key("b")).flag()).isEqualTo(live("b", 3));
    }

    @Test
    void keepsALargeVersionExact() {
        long far = (1L << 53) - 3;
        cache().load(new LedgerState(new TreeMap<>(), at(far), null), EPOCH, null);
        Entry entry = new Entry(far + 1, Entry.Kind.PROMOTION, List.of(), "ci", EPOCH, HOME, "op", HOME);

        assertThat(cache().apply(List.of(entry), null)).isEqualTo(new Applied.Reached(at(far + 1)));
        assertThat(cache().head().position()).isEqualTo(at(far + 1));
    }

    @Test
    void refusesEntriesThatDoNotRiseByOne() {
        FlagCache cache = loaded();
        Entry first = ledger.put("a");
        ledger.put("b");
        Entry third = ledger.put("c");

        assertThatThrownBy(() -> cache.apply(List.of(first, third), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("entry 3 follows entry 1, but numbers must rise by one");
        assertThatThrownBy(() -> cache.apply(List.of(), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no entry to apply");
    }

    // ---- beside the flags

    @Test
    void keepsTheNewestHeartbeatAndViewOfEachRegion() {
        Region west = new Region("eu-west-1");
        Region south = new Region("ap-southeast-1");
        CacheMonitor monitor = cache().monitor();
        assertThat(monitor.beats(List.of(HOME, west))).isEmpty();
        assertThat(monitor.posted(List.of(HOME, west))).isEmpty();
        assertThat(monitor.beats(List.of())).isEmpty();

        monitor.beat(west, EPOCH, new SystemTime());
        CacheMonitor.Beat beat = monitor.beat(west, EPOCH.plusMillis(1), new SystemTime());
        monitor.beat(HOME, EPOCH, new SystemTime());
        monitor.post(west, "an older one");
        monitor.post(west, "{\"é\":1}");

        assertThat(beat.doneNanos()).isBetween(beat.sentNanos(), beat.answeredNanos());
        assertThat(monitor.beats(List.of(south, west))).isEqualTo(Map.of(west, EPOCH.plusMillis(1)));
        assertThat(monitor.posted(List.of(HOME, west))).isEqualTo(Map.of(west, "{\"é\":1}"));
        assertThat(cache().head()).isEqualTo(new CacheHead(null, null, null));
        flush();
        assertThat(monitor.beats(List.of(west))).isEmpty();
    }

    @Test
    void letsOneLoaderAtATimeLoad() {
        assertThat(cache().monitor().claimLoad(Duration.ofMinutes(1))).isTrue();
        assertThat(cache().monitor().claimLoad(Duration.ofMinutes(1))).isFalse();
    }

    @Test
    void namesSomeOfItsFlags() {
        assertThat(cache().monitor().someFlags(8)).isEmpty();
        ledger.put("a");
        ledger.put("b");
        ledger.put("c");
        loaded();

        assertThat(cache().monitor().someFlags(100)).containsExactlyInAnyOrder(key("a"), key("b"), key("c"));
        assertThat(cache().monitor().someFlags(1)).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void tellsWhatItsServerCounts() {
        CacheVitals vitals = cache().monitor().vitals();

        assertThat(vitals.usedBytes()).isPositive();
        assertThat(vitals.maxBytes()).isGreaterThan(vitals.usedBytes());
        assertThat(vitals.connections()).isPositive();
        assertThat(vitals.server()).isNotEmpty();
    }
}
