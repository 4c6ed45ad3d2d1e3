package dev.burgee.ledger;

import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Some flags as they are materialised.
 *
 * @param checkpoint all entries up to here were materialised before the states were read
 * @param states those that were asked for and those after a key; {@link FlagState#ABSENT} for one that has none
 */
public record StateSample(Position checkpoint, SortedMap<FlagKey, FlagState> states) {
    public StateSample {
        states = Collections.unmodifiableSortedMap(new TreeMap<>(states));
    }
}
