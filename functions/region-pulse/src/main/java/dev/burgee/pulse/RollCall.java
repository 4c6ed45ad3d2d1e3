package dev.burgee.pulse;

import dev.burgee.cache.CacheDeniedException;
import dev.burgee.cache.CacheStanding;
import dev.burgee.cache.CacheUnavailableException;
import dev.burgee.primary.Caches;
import dev.burgee.region.Region;
import dev.burgee.time.Deadline;
import dev.burgee.time.Time;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks caches where they stand, all at once, each a second time if it did not answer. Thread-safe. */
final class RollCall {
    private final Caches caches;
    private final Time time;

    RollCall(Caches caches, Time time) {
        this.caches = caches;
        this.time = time;
    }

    /** Every region's, in the topology's order. */
    Map<Region, Probe> all(Deadline deadline) {
        Map<Region, FutureTask<Probe>> asked = new LinkedHashMap<>();
        for (Region region : caches.regions()) {
            FutureTask<Probe> task = new FutureTask<>(() -> one(region, deadline));
            asked.put(region, task);
            Thread.ofVirtual().name("roll-call-" + region).start(task);
        }
        Map<Region, Probe> probes = new LinkedHashMap<>();
        asked.forEach((region, task) -> probes.put(region, join(region, task, deadline)));
        return probes;
    }

    Probe one(Region region, Deadline deadline) {
        Probe first = ask(region);
        if (first.standing() != null || deadline.remaining().isZero()) {
            return first;
        }
        // the first connection of a cold process is slow, and a password may have been rotated
        if (!first.silent() && !caches.renew(deadline)) {
            return first;
        }
        return ask(region);
    }

    private Probe ask(Region region) {
        long start = time.nanos();
        try {
            CacheStanding standing = caches.of(region).standing();
            return new Probe(region, standing, false, millisSince(start), null);
        } catch (CacheDeniedException e) {
            return new Probe(region, null, false, millisSince(start), Problems.text(e));
        } catch (CacheUnavailableException e) {
            return new Probe(region, null, true, millisSince(start), Problems.text(e));
        }
    }

    private long millisSince(long start) {
        return TimeUnit.NANOSECONDS.toMillis(time.nanos() - start);
    }

    private static Probe join(Region region, FutureTask<Probe> task, Deadline deadline) {
        try {
            return task.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            task.cancel(true);
            return new Probe(region, null, true, 0, "the cache of " + region + " did not answer in time");
        } catch (ExecutionException e) {
            // a bug or a setting of ours is no reason to believe a cache lost
            return new Probe(region, null, false, 0, Problems.text(e.getCause()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Probe(region, null, false, 0, "interrupted");
        }
    }
}
