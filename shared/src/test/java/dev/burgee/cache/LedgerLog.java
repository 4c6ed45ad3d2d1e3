package dev.burgee.cache;

import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.ledger.Change;
import dev.burgee.ledger.Entry;
import dev.burgee.ledger.LedgerState;
import dev.burgee.ledger.Position;
import dev.burgee.ledger.Promotion;
import dev.burgee.region.Region;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A ledger as plain as can be, for tests of what follows it: entries in a list, states by replaying them. */
final class LedgerLog {
    static final Region HOME = new Region("us-east-1");
    static final Instant EPOCH = Instant.parse("2026-11-21T05:00:00Z");

    private final List<Entry> entries = new ArrayList<>();

    static FlagKey key(String name) {
        return new FlagKey(name);
    }

    static String document(String key, long version) {
        return "{\"key\":\"" + key + "\",\"state\":\"ENABLED\",\"version\":" + version + "}";
    }

    Entry put(String key) {
        return add(Entry.Kind.PUT, List.of(live(key)), null);
    }

    Entry delete(String key) {
        return add(Entry.Kind.DELETE, List.of(new Change(key(key), new FlagState.Deleted(next()), false)), null);
    }

    Entry invalidate(String key) {
        return add(Entry.Kind.INVALIDATE, List.of(new Change(key(key), state(key), false)), null);
    }

    Entry imports(String... keys) {
        return add(Entry.Kind.IMPORT, Arrays.stream(keys).map(this::live).toList(), null);
    }

    Entry promotion(Region home) {
        return add(Entry.Kind.PROMOTION, List.of(), home);
    }

    Position end() {
        return new Position(entries.size());
    }

    List<Entry> all() {
        return List.copyOf(entries);
    }

    /** The entries {@code from} to {@code to}, both included. */
    List<Entry> entries(long from, long to) {
        return List.copyOf(entries.subList(Math.toIntExact(from - 1), Math.toIntExact(to)));
    }

    FlagState state(String key) {
        return stateAt(end()).flags().getOrDefault(key(key), FlagState.ABSENT);
    }

    LedgerState stateAt(Position position) {
        SortedMap<FlagKey, FlagState> flags = new TreeMap<>();
        @Nullable Promotion promotion = null;
        for (Entry entry : entries.subList(0, Math.toIntExact(position.number()))) {
            if (entry.kind() != Entry.Kind.INVALIDATE) {
                entry.changes().forEach(change -> flags.put(change.key(), change.after()));
            }
            promotion = Promotion.after(entry, promotion);
        }
        return new LedgerState(flags, position, promotion);
    }

    LedgerState state() {
        return stateAt(end());
    }

    private Change live(String key) {
        return new Change(key(key), new FlagState.Live(next(), document(key, next())), true);
    }

    private long next() {
        return entries.size() + 1L;
    }

    private Entry add(Entry.Kind kind, List<Change> changes, @Nullable Region home) {
        Entry entry = new Entry(next(), kind, changes, "ci", EPOCH, HOME, "operation-" + next(), home);
        entries.add(entry);
        return entry;
    }
}
