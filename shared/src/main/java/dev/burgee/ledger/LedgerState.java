package dev.burgee.ledger;

import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.region.Region;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All flags at one position.
 *
 * @param flags by key, live ones and tombstones
 * @param promotion the last one up to this position; null: there was none
 */
public record LedgerState(
        SortedMap<FlagKey, FlagState> flags,
        Position position,
        @Nullable Promotion promotion) {
    public LedgerState {
        flags = Collections.unmodifiableSortedMap(new TreeMap<>(flags));
    }

    /** The region that the last promotion named; null: there was none. */
    public @Nullable Region home() {
        return promotion == null ? null : promotion.home();
    }
}
