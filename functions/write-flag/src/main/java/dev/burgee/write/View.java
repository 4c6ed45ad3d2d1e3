package dev.burgee.write;

import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.ledger.Change;
import dev.burgee.ledger.Entry;
import dev.burgee.ledger.Position;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The state that a decision rests on: the flags that the command is about, at one position. Immutable.
 *
 * @param flags those that are known; any other that the command names does not exist
 */
record View(Map<FlagKey, FlagState> flags, Position position) {
    View {
        flags = Collections.unmodifiableMap(new TreeMap<>(flags));
    }

    FlagState state(FlagKey key) {
        return flags.getOrDefault(key, FlagState.ABSENT);
    }

    /** The state after further entries, which start right after this position. */
    View after(List<Entry> entries) {
        Map<FlagKey, FlagState> next = new TreeMap<>(flags);
        Position end = position;
        for (Entry entry : entries) {
            if (entry.kind() != Entry.Kind.INVALIDATE) {
                for (Change change : entry.changes()) {
                    next.put(change.key(), change.after());
                }
            }
            end = entry.position();
        }
        return new View(next, end);
    }
}
