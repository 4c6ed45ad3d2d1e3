package dev.burgee.catchup;

import dev.burgee.cache.Applied;
import dev.burgee.cache.CacheUnavailableException;
import dev.burgee.cache.FlagCache;
import dev.burgee.ledger.Entry;
import dev.burgee.ledger.Ledger;
import dev.burgee.ledger.LedgerState;
import dev.burgee.ledger.Position;
import dev.burgee.log.Log;
import dev.burgee.region.Region;
import dev.burgee.time.Deadline;
import dev.burgee.time.Time;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings a cache to a position of the ledger: by the entries that it lacks, in order, or by a whole load when it shows no
 * position or is far behind. Any number may do it at once. Thread-safe.
 */
public final class CatchUp {
    /** A cache that is further behind than this is loaded anew: cheaper than so many entries one by one. */
    public static final int BEHIND_MAX = 1_000;

    private static final int STEPS_MAX = 8;

    /** Entries per read on the way to the end; an entry may hold a thousand flags. */
    private static final int PAGE = 100;

    private static final int PAGES_MAX = STEPS_MAX + BEHIND_MAX / PAGE;

    private final Ledger ledger;
    private final Log log;
    private final Time time;

    public CatchUp(Ledger ledger, Log log, Time time) {
        this.ledger = ledger;
        this.log = log;
        this.time = time;
    }

    /**
     * Applies the entry, after whatever the cache says it misses; returns the position that the cache has reached.
     *
     * @param before a moment before the entry was appended as the ledger's end; null when that is not known
     * @param home the home region to note in a cache that is loaded, when the ledger names none
     * @throws CacheUnavailableException when the cache did not answer, refuses writes or did not come to rest
     * @throws dev.burgee.ledger.LedgerUnavailableException when entries that it lacks could not be read
     */
    public Position bring(FlagCache cache, Entry entry, @Nullable Instant before, Region home, Deadline deadline) {
        List<Entry> next = List.of(entry);
        for (int step = 0; step < STEPS_MAX; step++) {
            switch (cache.apply(next, next.getLast().equals(entry) ? before : null)) {
                case Applied.Reached(Position position)
                when position.isAtLeast(entry.position()) -> {
                    return position;
                }
                case Applied.Reached(Position position) -> next = missing(position, entry, deadline);
                case Applied.Gap(Position position)
                when entry.number() - position.number() <= BEHIND_MAX -> next = missing(position, entry, deadline);
                case Applied.Gap _ -> load(cache, home, deadline);
                case Applied.Empty _ -> load(cache, home, deadline);
            }
        }
        throw new CacheUnavailableException("the cache of " + cache.region() + " did not come to rest", null);
    }

    /**
     * Brings a cache to the ledger's end and confirms it. A cache that shows a position is never loaded unless it is more
     * than {@link #BEHIND_MAX} behind.
     *
     * @param home the home region to note in a cache that is loaded, when the ledger names none
     * @throws CacheUnavailableException when the cache did not answer, refuses writes or did not come to rest in time
     * @throws dev.burgee.ledger.LedgerUnavailableException when the ledger could not be read
     */
    public CaughtUp toTheEnd(FlagCache cache, Region home, Deadline deadline) {
        long applied = 0;
        boolean loaded = false;
        // before the ledger, which then has at least what the cache has
        @Nullable Position at = cache.head().position();
        for (int step = 0; step < PAGES_MAX && !deadline.remaining().isZero(); step++) {
            Instant before = time.now();
            Position end = ledger.end(deadline);
            if (at == null || end.number() - at.number() > BEHIND_MAX) {
                load(cache, home, deadline);
                loaded = true;
                at = cache.head().position();
                continue;
            }
            if (at.compareTo(end) > 0) {
                return new CaughtUp.Beyond(at, end);
            }
            if (at.equals(end)) {
                cache.confirm(end, before);
                return new CaughtUp.AtTheEnd(end, applied, loaded);
            }
            List<Entry> next = ledger.entriesAfter(at, (int) Math.min(PAGE, end.number() - at.number()), deadline);
            if (next.isEmpty()) {
                continue;
            }
            Position last = next.getLast().position();
            // the end that was read is the end that is confirmed, in the same script
            boolean isEnd = last.equals(end);
            switch (cache.apply(next, isEnd ? before : null)) {
                case Applied.Reached(Position position) -> {
                    applied += next.size();
                    if (isEnd) {
                        return new CaughtUp.AtTheEnd(Position.max(position, end), applied, loaded);
                    }
                    at = position;
                }
                case Applied.Gap(Position position) -> at = position;
                case Applied.Empty _ -> at = null;
            }
        }
        throw new CacheUnavailableException(
                "the cache of " + cache.region() + " did not reach the ledger's end in time; " + applied
                        + " entries were applied",
                null);
    }

    private List<Entry> missing(Position after, Entry entry, Deadline deadline) {
        long count = entry.number() - after.number();
        return ledger.entriesAfter(after, (int) Math.min(count, BEHIND_MAX), deadline);
    }

    private void load(FlagCache cache, Region home, Deadline deadline) {
        Instant before = time.now();
        LedgerState state = ledger.readAll(deadline);
        boolean loaded = cache.load(state, before, home);
        log.info("cache_loaded", Map.of("position", state.position().number(), "in_place", loaded));
    }
}
