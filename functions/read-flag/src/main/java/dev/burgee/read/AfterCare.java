package dev.burgee.read;

import dev.burgee.cache.CacheUnavailableException;
import dev.burgee.cache.FlagCache;
import dev.burgee.failure.UnavailableException;
import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.ledger.Position;
import dev.burgee.log.Log;
import dev.burgee.primary.Caches;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;

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
    private final Log log;
    private final Semaphore slots = new Semaphore(AT_ONCE_MAX);
    /** The newest invalidation that this process has told of. */
    private final AtomicLong told = new AtomicLong();

    AfterCare(Caches caches, Executor background, Refill refill, Log log) {
        this.caches = caches;
        this.background = background;
        this.refill = refill;
        this.log = log;
    }

    void fill(Map<FlagKey, Long> markers, Map<FlagKey, FlagState> states) {
        tell(cache -> {
            boolean filled = false;
            for (var marker : markers.entrySet()) {
                FlagState state = states.get(marker.getKey());
                if (state != null && state.version() > 0) {
                    filled |= cache.fill(marker.getKey(), marker.getValue(), state);
                }
            }
            tellOf(markers, filled);
        });
    }

    /** One line per process and invalidation, and one whenever a flag was put back. */
    private void tellOf(Map<FlagKey, Long> markers, boolean filled) {
        long newest = markers.values().stream().mapToLong(Long::longValue).max().orElse(0);
        if (told.getAndAccumulate(newest, Math::max) < newest || filled) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put(
                    "flags",
                    markers.keySet().stream().map(FlagKey::value).sorted().collect(Collectors.joining(",")));
            fields.put("invalidated_by", newest);
            fields.put("filled", filled);
            log.info("flags_recached", fields);
        }
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
