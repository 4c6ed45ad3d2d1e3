package dev.burgee.pulse;

import dev.burgee.cache.FakeFlagCache;
import dev.burgee.cache.FakeReplication;
import dev.burgee.catchup.CatchUp;
import dev.burgee.hint.FakeHomeHint;
import dev.burgee.ledger.Entries;
import dev.burgee.ledger.FakeLedger;
import dev.burgee.ledger.Ledger;
import dev.burgee.log.RecordingLog;
import dev.burgee.metrics.RecordingMetrics;
import dev.burgee.primary.FakeCaches;
import dev.burgee.region.Region;
import dev.burgee.time.Deadline;
import dev.burgee.time.FakeTime;
import dev.burgee.topology.Topology;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Three regions, each with a cache and a pulse, over one ledger; east is the topology's primary. */
final class PulseWorld {
    static final Region EAST = new Region("us-east-1");
    static final Region WEST = new Region("eu-west-1");
    static final Region SOUTH = new Region("ap-southeast-1");
    /** From east's cache into the others, of what is beside the flags. */
    static final Duration LAG = Duration.ofMillis(20);

    static final Duration INTERVAL = Duration.ofMinutes(1);

    final FakeTime time = new FakeTime();
    final FakeLedger ledger = new FakeLedger();
    final FakeHomeHint hint = new FakeHomeHint();
    final RecordingMetrics metrics = new RecordingMetrics();
    final RecordingLog log = new RecordingLog();
    final Map<Region, FakeFlagCache> caches = new LinkedHashMap<>();
    final Map<Region, FakeReplication> replications = new LinkedHashMap<>();
    private final AtomicInteger operations = new AtomicInteger();

    PulseWorld() {
        for (Region region : new Region[] {EAST, WEST, SOUTH}) {
            caches.put(region, new FakeFlagCache(region, time));
        }
        caches.forEach((region, cache) -> replications.put(region, new FakeReplication(cache, caches)));
        replication(WEST).follow(EAST);
        replication(SOUTH).follow(EAST);
        replications.values().forEach(replication -> replication.changes.clear());
        cache(EAST).monitor().feeds(cache(WEST), LAG);
        cache(EAST).monitor().feeds(cache(SOUTH), LAG);
    }

    FakeFlagCache cache(Region region) {
        return Objects.requireNonNull(caches.get(region));
    }

    FakeReplication replication(Region region) {
        return Objects.requireNonNull(replications.get(region));
    }

    Deadline soon() {
        return Deadline.after(Duration.ofSeconds(10), time);
    }

    void put(int count) {
        for (int i = 0; i < count; i++) {
            long number = ledger.log().size() + 1L;
            ledger.append(Entries.put(number, "flag-" + number), soon());
        }
    }

    Pulse pulse(Region here, Profile profile, boolean autoPromote) {
        return pulse(here, profile, autoPromote, ledger);
    }

    Pulse pulse(Region here, Profile profile, boolean autoPromote, Ledger log) {
        var topology = new Topology(
                EAST,
                null,
                null,
                Map.of(EAST, URI.create("redis://e"), WEST, URI.create("redis://w"), SOUTH, URI.create("redis://s")),
                "t",
                Map.of());
        FakeCaches around = new FakeCaches(here, cache(EAST), cache(WEST), cache(SOUTH));
        return new Pulse(new Pulse.Parts(
                here,
                profile,
                autoPromote,
                INTERVAL,
                () -> topology,
                around,
                replication(here),
                log,
                new CatchUp(log, this.log, time),
                new Promoter(log, here, time, new SplittableRandom(1)),
                new CheckUp(here, around, INTERVAL, Runnable::run, metrics, time),
                new Scrub(log),
                Optional.of(hint),
                () -> "op-" + operations.incrementAndGet(),
                metrics,
                this.log,
                time));
    }

    PulseReport plain(Region here, Profile profile) {
        return pulse(here, profile, false).pulse(new PulseRequest.Plain());
    }

    PulseReport wakeAsPrimary(Region here) {
        return pulse(here, Profile.GLOBAL_DATASTORE, false)
                .pulse(new PulseRequest.Wake(PulseRequest.ControlPlane.PRIMARY, caches.keySet()));
    }

    PulseReport promote(Region here, Profile profile) {
        return pulse(here, profile, false)
                .pulse(new PulseRequest.Promote(here, "alice", false, false, Duration.ofSeconds(5)));
    }
}
