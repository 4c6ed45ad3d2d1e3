package dev.burgee.read;

import dev.burgee.cache.FakeFlagCache;
import dev.burgee.catchup.CatchUp;
import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.ledger.Change;
import dev.burgee.ledger.Entry;
import dev.burgee.ledger.FakeLedger;
import dev.burgee.ledger.Position;
import dev.burgee.log.RecordingLog;
import dev.burgee.metrics.Metric;
import dev.burgee.metrics.RecordingMetrics;
import dev.burgee.primary.CacheTier;
import dev.burgee.primary.FakeCaches;
import dev.burgee.region.Region;
import dev.burgee.settings.Limits;
import dev.burgee.time.Deadline;
import dev.burgee.time.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** A reader in eu-west-1, its replica, the home's cache in us-east-1 and the ledger, all in memory and by hand. */
final class ReadWorld {
    static final Region HOME = new Region("us-east-1");
    static final Region HERE = new Region("eu-west-1");

    final FakeTime time = new FakeTime();
    final FakeLedger ledger = new FakeLedger();
    final FakeFlagCache home = new FakeFlagCache(HOME, time);
    final FakeFlagCache replica = new FakeFlagCache(HERE, time);
    final RecordingMetrics metrics = new RecordingMetrics();
    final RecordingLog log = new RecordingLog();
    final FlagMemory memory;
    final FakeCaches caches;
    /** Loads that readers began, and that go on when a test lets them. */
    final List<Runnable> refills = new ArrayList<>();

    private final CacheTier localTier;
    private final CacheTier homeTier;
    private final DegradedLog degraded;
    private final TieredRead tiers;

    ReadWorld() {
        this(Limits.DEFAULTS.freshnessWindow());
    }

    ReadWorld(Duration window) {
        this(window, HERE);
    }

    /** With a reader in another region. */
    ReadWorld(Duration window, Region here) {
        this(window, here, new FlagMemory());
    }

    /** With a memory of another kind. */
    ReadWorld(Duration window, Region here, FlagMemory memory) {
        this.memory = memory;
        caches = new FakeCaches(here, home, replica);
        Limits d = Limits.DEFAULTS;
        Limits limits = new Limits(
                d.localConnect(),
                d.localRead(),
                d.crossConnect(),
                d.crossRead(),
                d.crossWrite(),
                d.ledgerCall(),
                d.awsCall(),
                d.wholeRead(),
                d.wholeWrite(),
                window,
                d.checkedAgeMax(),
                d.secretRefresh());
        degraded = new DegradedLog(log, metrics, time);
        localTier = new CacheTier(
                caches,
                limits.localRead(),
                time,
                ms -> metrics.add(Metric.CACHE_READ_LATENCY, ms),
                degraded::cacheFailed);
        homeTier = new CacheTier(caches, limits.crossRead(), time, _ -> {}, degraded::cacheFailed);
        tiers = new TieredRead(
                caches,
                localTier,
                homeTier,
                memory,
                new AfterCare(
                        caches,
                        Runnable::run,
                        new Refill(caches, new CatchUp(ledger, log, time), refills::add, metrics, time),
                        log),
                limits,
                metrics,
                degraded,
                time);
        home.load(ledger.readAll(deadline()), time.now(), HOME);
        replicate();
    }

    /** Health as this reader tells it. */
    HealthEndpoints health(Executor background) {
        KnownViews views = new KnownViews(caches, localTier, ledger, HERE, background, time);
        Readiness readiness = new Readiness(HERE, Limits.DEFAULTS.checkedAgeMax());
        return new HealthEndpoints(caches, localTier, homeTier, memory, views, readiness, HERE, time);
    }

    Deadline deadline() {
        return Deadline.after(Duration.ofSeconds(1), time);
    }

    Answer<FlagState> read(String key) {
        return read(key, 0);
    }

    Answer<FlagState> read(String key, long token) {
        return tiers.read(new OneFlag(new FlagKey(key), memory, ledger), new Position(token));
    }

    Answer<Snapshot> list(long token) {
        return tiers.read(new AllFlags(memory, ledger), new Position(token));
    }

    /** Appends only: a writer that died before it told the cache. */
    Entry append(Entry.Kind kind, String key) {
        long number = ledger.log().size() + 1L;
        FlagKey flagKey = new FlagKey(key);
        FlagState before = ledger.read(flagKey, deadline()).state();
        FlagState after = switch (kind) {
            case PUT, IMPORT -> new FlagState.Live(number, "{\"key\":\"" + key + "\",\"version\":" + number + "}");
            case DELETE -> new FlagState.Deleted(number);
            case INVALIDATE, PROMOTION -> before;
        };
        Change change = new Change(flagKey, after, !(before instanceof FlagState.Live));
        Entry entry = new Entry(number, kind, List.of(change), "ci", time.now(), HOME, "op-" + number, null);
        ledger.append(entry, deadline());
        return entry;
    }

    /** Appends a promotion. */
    Entry appendPromotion(Region promoted) {
        long number = ledger.log().size() + 1L;
        Entry entry =
                new Entry(number, Entry.Kind.PROMOTION, List.of(), "ops", time.now(), HERE, "op-" + number, promoted);
        ledger.append(entry, deadline());
        return entry;
    }

    /** Appends and tells the home's cache. */
    Entry write(Entry.Kind kind, String key) {
        Entry entry = append(kind, key);
        home.apply(List.of(entry), time.now());
        return entry;
    }

    Entry put(String key) {
        return write(Entry.Kind.PUT, key);
    }

    /** Lets the replica catch up with the home's cache. */
    void replicate() {
        replica.copyOf(home);
    }

    /** A flag that the home's cache and the replica show. */
    void known(String key) {
        put(key);
        replicate();
    }

    void pass(Duration duration) {
        time.advance(duration);
    }
}
