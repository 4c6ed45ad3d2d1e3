package dev.burgee.primary;

import dev.burgee.region.Region;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one process believes of the home. Asking all caches beats hints; the newest hint beats the topology. Immutable.
 *
 * @param found the regions whose caches took a write when last some did, the home first; empty: none ever did
 * @param foundNanos when that was, by the monotonic clock
 * @param hint what was hinted last; null: nothing
 * @param hintSettled whether the caches were asked since that hint came
 */
record Belief(List<Region> found, long foundNanos, @Nullable Region hint, boolean hintSettled) {
    /** The belief of a process that has heard nothing. */
    static final Belief NONE = new Belief(List.of(), 0, null, true);

    Belief {
        found = List.copyOf(found);
    }

    /** The home, if anybody said anything. */
    Optional<Region> home() {
        return found.isEmpty() ? Optional.ofNullable(hint) : Optional.of(found.getFirst());
    }

    /** With a hint that differs from the last one. */
    Belief hinted(Region newer) {
        return new Belief(found, foundNanos, newer, false);
    }

    /**
     * After all caches were asked.
     *
     * @param writable nothing changes the home while this is empty
     * @param about the hint as it was when the asking began
     */
    Belief asked(List<Region> writable, long nowNanos, @Nullable Region about) {
        boolean settled = hint == null || hint.equals(about);
        return writable.isEmpty()
                ? new Belief(found, foundNanos, hint, settled)
                : new Belief(writable, nowNanos, hint, settled);
    }

    /** What is left of it where only these regions have caches. */
    Belief within(Collection<Region> regions) {
        Region kept = hint != null && regions.contains(hint) ? hint : null;
        return new Belief(
                found.stream().filter(regions::contains).toList(), foundNanos, kept, kept == null || hintSettled);
    }
}
