package dev.burgee.local;

import dev.burgee.cache.CacheSnapshot;
import dev.burgee.cache.CachedFlag;
import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.ledger.Change;
import dev.burgee.ledger.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What must be true at each position, played from the log by the plainest rules there are. Immutable. */
final class Model {
    /** @param markers by flag, the invalidation after its last change */
    private record State(Map<FlagKey, FlagState> flags, Map<FlagKey, Long> markers) {}

    private final List<Entry> log;
    private final List<State> states = new ArrayList<>();

    Model(List<Entry> log) {
        this.log = List.copyOf(log);
        State state = new State(Map.of(), Map.of());
        states.add(state);
        for (Entry entry : log) {
            if (entry.number() != states.size()) {
                throw new AssertionError("entry " + entry.number() + " is at place " + states.size() + " of the log");
            }
            state = after(state, entry);
            states.add(state);
        }
    }

    private static State after(State before, Entry entry) {
        Map<FlagKey, FlagState> flags = new HashMap<>(before.flags);
        Map<FlagKey, Long> markers = new HashMap<>(before.markers);
        for (Change change : entry.changes()) {
            if (entry.kind() == Entry.Kind.INVALIDATE) {
                markers.put(change.key(), entry.number());
            } else {
                flags.put(change.key(), change.after());
                markers.remove(change.key());
            }
        }
        return new State(Map.copyOf(flags), Map.copyOf(markers));
    }

    List<Entry> log() {
        return log;
    }

    long end() {
        return log.size();
    }

    FlagState flag(String key, long position) {
        return states.get(Math.toIntExact(position)).flags.getOrDefault(new FlagKey(key), FlagState.ABSENT);
    }

    /** All flags at a position, tombstones included. */
    Map<FlagKey, FlagState> flags(long position) {
        return states.get(Math.toIntExact(position)).flags;
    }

    /** What is wrong with a cache that shows a position: it must hold the state after exactly that entry. */
    List<String> problems(String name, CacheSnapshot cache) {
        if (cache.head().position() == null) {
            return List.of();
        }
        long position = cache.head().position().number();
        if (position > end()) {
            return List.of(name + " shows position " + position + " beyond the ledger's end " + end());
        }
        State state = states.get(Math.toIntExact(position));
        List<String> problems = new ArrayList<>();
        var keys = new TreeSet<>(state.flags.keySet());
        keys.addAll(cache.flags().keySet());
        for (FlagKey key : keys) {
            FlagState expected = state.flags.getOrDefault(key, FlagState.ABSENT);
            boolean right = switch (cache.flags().getOrDefault(key, CachedFlag.MISSING)) {
                case CachedFlag.Present(FlagState shown) -> shown.equals(expected);
                case CachedFlag.Missing _ -> expected instanceof FlagState.Absent;
                // which of several invalidations it is decides which fill is let in
                case CachedFlag.Marker(long entry) -> Long.valueOf(entry).equals(state.markers.get(key));
            };
            if (!right) {
                problems.add(name + " at position " + position + " has "
                        + cache.flags().get(key) + " for " + key + " instead of " + expected);
            }
        }
        return problems;
    }
}
