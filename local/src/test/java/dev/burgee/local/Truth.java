package dev.burgee.local;

import dev.burgee.cache.CacheSnapshot;
import dev.burgee.cache.CacheUnavailableException;
import dev.burgee.cache.FlagCache;
import dev.burgee.cache.RedisCaches;
import dev.burgee.ledger.DynamoLedger;
import dev.burgee.ledger.Entry;
import dev.burgee.ledger.LedgerClients;
import dev.burgee.ledger.Position;
import dev.burgee.region.Region;
import dev.burgee.settings.Limits;
import dev.burgee.time.Deadline;
import dev.burgee.time.SystemTime;
import dev.burgee.time.Time;
import dev.burgee.topology.Topology;
import dev.burgee.topology.TopologyParser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The ledger and every region's cache, looked at past the functions. Thread-safe. */
final class Truth implements AutoCloseable {
    /** A read of the ledger or of a cache that has no fault at the time. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration CONVERGENCE = Duration.ofSeconds(20);
    private static final int PAGE = 500;

    private final World world;
    private final Time time = new SystemTime();
    private final DynamoLedger ledger;
    private final Map<Region, RedisCaches> caches = new LinkedHashMap<>();

    Truth(World world) {
        this.world = world;
        Region home = world.geography().home();
        ledger = new DynamoLedger(
                topology(home),
                home,
                limits(),
                time,
                LedgerClients.overUrlConnection(limits()),
                (level, event, fields) -> {});
        world.geography()
                .regions()
                .forEach(region -> caches.put(region, new RedisCaches(topology(region), region, limits(), "truth")));
    }

    DynamoLedger ledger() {
        return ledger;
    }

    FlagCache cache(Region region) {
        RedisCaches opened = caches.get(region);
        if (opened == null) {
            throw new IllegalArgumentException("region " + region + " is not in this world");
        }
        return opened.of(region);
    }

    Deadline patience() {
        return Deadline.after(PATIENCE, time);
    }

    /** The whole log. */
    List<Entry> log() {
        List<Entry> log = new ArrayList<>();
        List<Entry> page;
        do {
            page = ledger.entriesAfter(new Position(log.size()), PAGE, patience());
            log.addAll(page);
        } while (!page.isEmpty());
        return log;
    }

    /** The log after a position, as far as one page goes. */
    List<Entry> logAfter(long position) {
        return ledger.entriesAfter(new Position(position), PAGE, patience());
    }

    Model model() {
        return new Model(log());
    }

    /** Everything in a region's cache at one instant; empty while it does not answer. */
    Optional<CacheSnapshot> snapshot(Region region) {
        try {
            return Optional.of(cache(region).readAll());
        } catch (CacheUnavailableException e) {
            return Optional.empty();
        }
    }

    /** The position that a region's cache shows; -1 while it shows none. */
    long position(Region region) {
        return snapshot(region)
                .map(snapshot -> snapshot.head().position())
                .map(Position::number)
                .orElse(-1L);
    }

    /**
     * Heals everything, has something written so that the home's cache is caught up, waits until every cache is at the
     * ledger's end, and checks that each holds the state there.
     */
    void healAndConverge() {
        world.healAll();
        Api home = new Api(world.baseUri(world.geography().home()));
        Await.until(
                "a write reaches the home's cache",
                CONVERGENCE,
                () -> home.put("heal", Api.document("heal")).body().contains("\"propagating\""));
        converge();
    }

    /** Waits until every cache is at the ledger's end, and checks that it holds the state there. */
    void converge() {
        Model model = model();
        for (Region region : caches.keySet()) {
            Await.until(
                    "the cache of " + region + " is at position " + model.end(),
                    CONVERGENCE,
                    () -> position(region) >= model.end());
            List<String> problems =
                    model.problems("the cache of " + region, snapshot(region).orElseThrow());
            if (!problems.isEmpty()) {
                throw new AssertionError(String.join("\n", problems));
            }
        }
    }

    private Topology topology(Region region) {
        return TopologyParser.parse(
                FunctionEnvironment.topology(region, world.geography(), world.network(), world.caches()));
    }

    private static Limits limits() {
        Duration wait = Duration.ofSeconds(2);
        Limits usual = Limits.DEFAULTS;
        return new Limits(
                wait,
                wait,
                wait,
                wait,
                wait,
                wait,
                wait,
                wait,
                wait,
                usual.freshnessWindow(),
                usual.checkedAgeMax(),
                usual.secretRefresh());
    }

    @Override
    public void close() {
        ledger.close();
        caches.values().forEach(RedisCaches::close);
    }
}
