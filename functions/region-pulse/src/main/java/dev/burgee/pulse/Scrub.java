package dev.burgee.pulse;

import dev.burgee.cache.CacheSnapshot;
import dev.burgee.cache.CachedFlag;
import dev.burgee.cache.FlagCache;
import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.ledger.Ledger;
import dev.burgee.ledger.Position;
import dev.burgee.ledger.StateSample;
import dev.burgee.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares a sample of a cache's fields with the ledger's state items, a different one each time. There can be no difference:
 * one is a bug, or somebody else writes to the cache. Thread-safe.
 */
final class Scrub {
    /** Fields of the cache that are looked for in the ledger; the first is where the walk through the ledger begins. */
    private static final int FROM_CACHE = 2;

    /** State items that are looked for in the cache. */
    private static final int FROM_LEDGER = 16;

    private final Ledger ledger;

    Scrub(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * What was found.
     *
     * @param compared how many flags
     * @param differences one text each, without content
     */
    record Found(int compared, List<String> differences) {}

    /** Takes one sample: four reads of the ledger, two of the cache. */
    Found look(FlagCache cache, Deadline deadline) {
        List<FlagKey> fields = cache.monitor().someFlags(FROM_CACHE);
        StateSample sample = ledger.sample(fields, FROM_LEDGER, deadline);
        CacheSnapshot snapshot = cache.read(List.copyOf(sample.states().keySet()));
        Position position = snapshot.head().position();
        List<String> differences = new ArrayList<>();
        if (position == null) {
            return new Found(0, differences); // emptied meanwhile: it claims nothing
        }
        sample.states().forEach((key, state) -> {
            CachedFlag cached = snapshot.flags().getOrDefault(key, CachedFlag.MISSING);
            String difference = difference(cached, position, state, sample.checkpoint());
            if (difference != null) {
                differences.add("flag " + key + ": " + difference);
            }
        });
        return new Found(sample.states().size(), differences);
    }

    /**
     * What is wrong with a field; null: nothing, or nothing that this could tell. Which of the two was read first makes no
     * difference: a cache at {@code position} has every version up to it, and state items have every one up to
     * {@code checkpoint}.
     */
    static @Nullable String difference(CachedFlag cached, Position position, FlagState state, Position checkpoint) {
        if (cached instanceof CachedFlag.Marker) {
            return null; // whoever reads it asks the ledger
        }
        FlagState shown = cached instanceof CachedFlag.Present(FlagState present) ? present : FlagState.ABSENT;
        if (shown.version() > position.number()) {
            return "the cache shows version " + shown.version() + " at position " + position;
        }
        if (state.version() <= position.number() && shown.version() < state.version()) {
            return "the cache shows version " + shown.version() + " at position " + position
                    + ", but the ledger has version " + state.version();
        }
        if (shown.version() > state.version() && shown.version() <= checkpoint.number()) {
            return "the cache shows version " + shown.version() + ", but the ledger has version " + state.version()
                    + ", materialised up to " + checkpoint;
        }
        return shown.version() == state.version() && !shown.equals(state)
                ? "the cache shows another content for version " + shown.version()
                : null;
    }
}
