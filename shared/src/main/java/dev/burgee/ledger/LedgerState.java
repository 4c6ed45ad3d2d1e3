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
 * @param home the region that the last promotion up to this position named, as far as the reader saw one
 */
public record LedgerState(
        SortedMap<FlagKey, FlagState> flags,
        Position position,
        @Nullable Region home) {
    public LedgerState {
        flags = Collections.unmodifiableSortedMap(new TreeMap<>(flags));
    }
}
