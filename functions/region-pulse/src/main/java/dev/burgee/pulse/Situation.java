package dev.burgee.pulse;

import dev.burgee.ledger.Promotion;
import dev.burgee.region.Region;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a decision about a promotion is made on.
 *
 * @param ledgerReachable whether the last promotion could be read; else {@code promotion} says nothing
 * @param promotion the last one; null: there was none
 * @param primary the topology's, which is the home until the first promotion
 * @param reachable whether this region's own cache answered
 * @param writable whether it accepts writes
 * @param homeWritable whether the home's cache answered, and accepts writes
 * @param lag the age of the oldest entry that it lacks, zero when it lacks none; null: it shows no position, or one beyond
 *     the ledger's end
 */
record Situation(
        Profile profile,
        Region here,
        boolean ledgerReachable,
        @Nullable Promotion promotion,
        Region primary,
        boolean reachable,
        boolean writable,
        boolean homeWritable,
        @Nullable Duration lag) {
    Region home() {
        return promotion == null ? primary : promotion.home();
    }
}
