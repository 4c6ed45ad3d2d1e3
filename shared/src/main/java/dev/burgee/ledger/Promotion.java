package dev.burgee.ledger;

import dev.burgee.region.Region;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A promotion entry, as the log up to somewhere counts it.
 *
 * @param home the region that it names
 * @param epoch how many promotion entries there are, this one included: 1, 2, 3 …
 * @param since when it was decided, by its writer's clock
 * @param entry its number
 */
public record Promotion(Region home, long epoch, Instant since, long entry) {
    public Promotion {
        if (epoch < 1 || entry < epoch) {
            throw new IllegalArgumentException("promotion " + epoch + " is entry " + entry
                    + ", but epochs start at 1 and every promotion is an entry");
        }
    }

    /** The last promotion after an entry, given the one before it. */
    public static @Nullable Promotion after(Entry entry, @Nullable Promotion before) {
        if (entry.kind() != Entry.Kind.PROMOTION || entry.home() == null) {
            return before;
        }
        return new Promotion(entry.home(), before == null ? 1 : before.epoch() + 1, entry.at(), entry.number());
    }
}
