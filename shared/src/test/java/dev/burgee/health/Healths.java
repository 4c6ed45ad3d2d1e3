package dev.burgee.health;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a pulse may have measured, for tests. */
public final class Healths {
    public static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    static final CacheVitals VITALS =
            new CacheVitals("server-1", 10, 100, 3, 5, 90, 10, new TreeMap<>(Map.of(64L, 99L, 128L, 1L)));

    private Healths() {}

    /** A replica without a fault, measured at noon. */
    public static RegionHealth good() {
        return good(NOON);
    }

    public static RegionHealth good(Instant measured) {
        TierHealth up = new TierHealth(true, measured.minusSeconds(60));
        return new RegionHealth(
                measured,
                Duration.ofMinutes(1),
                2L,
                1,
                up,
                up,
                up,
                4.5,
                measured.minusSeconds(20),
                new ReplicationHealth(12.25, measured.minusMillis(40), 0L, 0L),
                new CacheUse(10.0, 0.0, 0.128, 90.0, 3),
                VITALS);
    }

    static RegionHealth with(int writable, TierHealth cache, TierHealth home, TierHealth ledger) {
        RegionHealth good = good();
        return new RegionHealth(
                NOON,
                good.interval(),
                good.epoch(),
                writable,
                cache,
                home,
                ledger,
                good.ledgerMs(),
                good.checked(),
                good.replication(),
                good.use(),
                good.vitals());
    }

    static RegionHealth with(@Nullable Instant checked, ReplicationHealth replication, CacheUse use) {
        RegionHealth good = good();
        return new RegionHealth(
                NOON,
                good.interval(),
                good.epoch(),
                1,
                good.cache(),
                good.home(),
                good.ledger(),
                good.ledgerMs(),
                checked,
                replication,
                use,
                good.vitals());
    }
}
