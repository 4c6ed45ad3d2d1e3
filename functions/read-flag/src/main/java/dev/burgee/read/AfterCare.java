package dev.burgee.read;

import dev.burgee.cache.CacheUnavailableException;
import dev.burgee.cache.FlagCache;
import dev.burgee.failure.UnavailableException;
import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.ledger.Position;
import dev.burgee.primary.Caches;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * What a reader that had to ask the ledger leaves behind in the home's cache, so that the next one need not: flags in
 * place of their markers, and the confirmation that the cache's position is the ledger's end. Never waited for across an
 * ocean, and free to fail: the next reader does it again. Thread-safe.
 */
final class AfterCare {
    /** At once; further work is left to later readers. */
    private static final int AT_ONCE_MAX = 4;

    private final Caches caches;
    private final Executor background;
    private final Refill refill;
    private final Semaphore slots = new Semaphore(AT_ONCE_MAX);

    AfterCare(Caches caches, Executor background, Refill refill) {
        this.caches = caches;
        this.background = background;
        this.refill = refill;
    }

    void fill(Map<FlagKey, Long> markers, Map<FlagKey, FlagState> states) {
        tell(cache -> markers.forEach((key, entry) -> {
            FlagState state = states.get(key);
            if (state != null && state.version() > 0) {
                cache.fill(key, entry, state);
            }
        }));
    }

    /** The home's cache shows no position. */
    void homeIsEmpty() {
        refill.empty();
    }

    void confirm(Position end, Instant before) {
        tell(cache -> cache.confirm(end, before));
    }

    private void tell(Consumer<FlagCache> what) {
        if (!slots.tryAcquire()) {
            return;
        }
        Runnable work = () -> {
            try {
                what.accept(caches.home());
            } catch (CacheUnavailableException e) {
                // the marker or the old confirmation stays, and the next reader comes here again
                caches.suspect();
            } catch (UnavailableException e) {
                // nor is it known any more where that cache is
            } finally {
                slots.release();
            }
        };
        if (caches.localIsHome()) {
            work.run();
        } else {
            background.execute(work);
        }
    }
}
