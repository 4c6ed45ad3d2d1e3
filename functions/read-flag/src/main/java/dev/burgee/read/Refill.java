package dev.burgee.read;

import dev.burgee.cache.CacheUnavailableException;
import dev.burgee.cache.FlagCache;
import dev.burgee.catchup.CatchUp;
import dev.burgee.failure.BurgeeException;
import dev.burgee.ledger.LedgerUnavailableException;
import dev.burgee.metrics.Metric;
import dev.burgee.metrics.Metrics;
import dev.burgee.primary.Caches;
import dev.burgee.time.Deadline;
import dev.burgee.time.Time;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Loads the home's cache at once when a reader met it empty: the pulse would within a minute, and until then every read would
 * go to the ledger. Beside the reader, who does not wait; one at a time in this process, and, by a claim in the cache itself,
 * among all processes. Free to fail: the next reader or the pulse does it again. Thread-safe.
 */
final class Refill {
    /** No load takes longer; who died in one is in nobody's way after this. */
    static final Duration LOAD_MAX = Duration.ofSeconds(15);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Caches caches;
    private final CatchUp catchUp;
    private final Executor background;
    private final Metrics metrics;
    private final Time time;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile long nextNanos;

    Refill(Caches caches, CatchUp catchUp, Executor background, Metrics metrics, Time time) {
        this.caches = caches;
        this.catchUp = catchUp;
        this.background = background;
        this.metrics = metrics;
        this.time = time;
        this.nextNanos = time.nanos();
    }

    /** The home's cache was seen without a position. */
    void empty() {
        if (time.nanos() - nextNanos < 0 || !busy.compareAndSet(false, true)) {
            return;
        }
        background.execute(() -> {
            try {
                load();
            } catch (CacheUnavailableException e) {
                caches.suspect();
            } catch (LedgerUnavailableException | BurgeeException e) {
                // then nothing can be loaded now
            } finally {
                nextNanos = time.nanos() + PAUSE.toNanos();
                busy.set(false);
            }
        });
    }

    private void load() {
        FlagCache home = caches.home();
        if (home.head().position() == null && home.monitor().claimLoad(LOAD_MAX)) {
            catchUp.toTheEnd(home, home.region(), Deadline.after(LOAD_MAX, time));
            metrics.count(Metric.REPAIRED);
        }
    }
}
