package dev.burgee.ledger;

import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import dev.burgee.tier.Beside;
import dev.burgee.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * Reads log and state, always in the order checkpoint, state items, entries after the checkpoint: whatever is materialised
 * meanwhile is then seen at least once. Thread-safe.
 */
final class LedgerReader {
    /** With more entries than this after the checkpoint that is known, the next read looks for a newer one. */
    private static final int TAIL_LONG = 50;

    /** As many as come between two checkpoints usually (ADR 7). */
    private static final int LAST_ENTRIES = 16;

    /** After every number that a sort key can have. */
    private static final String LAST = ":";

    private final StrongReads table;
    private final AtomicReference<@Nullable Checkpoint> newest = new AtomicReference<>();
    private volatile boolean tailLong;

    LedgerReader(StrongReads table) {
        this.table = table;
    }

    /**
     * Some of the log.
     *
     * @param toTheEnd whether there was nothing after the entries; false when the limit or a gap ended them
     */
    record Stretch(List<Entry> entries, boolean toTheEnd) {}

    Stretch after(Position position, int limit, Deadline deadline) {
        var entries = new ArrayList<Entry>();
        long next = position.number() + 1;
        Map<String, AttributeValue> from = Map.of();
        while (entries.size() < limit) {
            var query = StrongReads.after(LedgerTable.LOG, LedgerTable.number(position.number()), from);
            query.limit(limit - entries.size());
            // usually all; what follows a full page is a long way behind, and nobody waits for that
            QueryResponse page = from.isEmpty() ? table.few(query, deadline) : table.page(query, deadline);
            for (var item : page.items()) {
                Entry entry = EntryFormat.decode(item);
                if (entry.number() != next) {
                    // a query is no snapshot: it may show n+2 and not n+1 when both came during it
                    return new Stretch(entries, false);
                }
                entries.add(entry);
                next++;
            }
            from = page.lastEvaluatedKey();
            if (from.isEmpty()) {
                return new Stretch(entries, true);
            }
        }
        return new Stretch(entries, false);
    }

    /** All entries after a position, up to the first gap. */
    List<Entry> tail(Position position, Deadline deadline) {
        List<Entry> tail = after(position, Integer.MAX_VALUE, deadline).entries();
        tailLong = tail.size() > TAIL_LONG;
        return tail;
    }

    /** A checkpoint, possibly not the newest: the read after a long tail and the first read of a process fetch it. */
    Checkpoint checkpoint(Deadline deadline) {
        Checkpoint known = newest.get();
        return known == null || tailLong ? newestCheckpoint(deadline) : known;
    }

    Checkpoint newestCheckpoint(Deadline deadline) {
        var attributes = table.item(LedgerTable.checkpointKey(), deadline);
        Checkpoint read = attributes.isEmpty() ? Checkpoint.START : Checkpoint.decode(attributes);
        note(read);
        return read;
    }

    /** Remembers a checkpoint that surely was written. */
    void note(Checkpoint checkpoint) {
        newest.accumulateAndGet(
                checkpoint,
                (known, now) ->
                        known == null || (now != null && now.position().isAtLeast(known.position())) ? now : known);
    }

    /**
     * One flag, in two crossings, or one where a checkpoint is known: item and entries are asked for side by side. For one
     * flag their order does not matter, as long as the checkpoint was there before the item: what the checkpoint covers is
     * in the item, and a version in the item after the last entry seen is the newer end.
     */
    FlagReading read(FlagKey key, Deadline deadline) {
        Checkpoint known = tailLong ? null : newest.get();
        List<Entry> last = List.of();
        if (known == null) {
            // the last entries are likely to reach back to the checkpoint, so they are asked for beside it
            var entries = beside(() -> lastEntries(deadline));
            known = newestCheckpoint(deadline);
            last = answer(entries, deadline);
        }
        Checkpoint checkpoint = known;
        boolean reaches = !last.isEmpty()
                && last.getFirst().number() <= checkpoint.position().number() + 1;
        var entries = reaches ? null : beside(() -> tail(checkpoint.position(), deadline));
        var attributes = table.item(LedgerTable.stateKey(key), deadline);
        List<Entry> tail;
        if (entries == null) {
            tail = after(checkpoint.position(), last);
            tailLong = false;
        } else {
            tail = answer(entries, deadline);
        }
        FlagState state = attributes.isEmpty() ? FlagState.ABSENT : StateFormat.decode(attributes);
        for (Entry entry : tail) {
            for (Change change : Effects.changes(entry)) {
                if (change.key().equals(key) && change.after().version() > state.version()) {
                    state = change.after();
                }
            }
        }
        return new FlagReading(state, Position.max(end(checkpoint, tail), new Position(state.version())));
    }

    private static <T> Beside<T> beside(Callable<T> work) {
        return Beside.start("ledger-tail", work);
    }

    private static <T> T answer(Beside<T> work, Deadline deadline) {
        return work.outcome(
                deadline, e -> new LedgerUnavailableException("the ledger's entries did not come in time", e));
    }

    /** Oldest first; less than {@link #LAST_ENTRIES} when they are large. */
    private List<Entry> lastEntries(Deadline deadline) {
        return table.few(StrongReads.before(LedgerTable.LOG, LAST, LAST_ENTRIES), deadline).items().reversed().stream()
                .map(EntryFormat::decode)
                .toList();
    }

    /** Those after a position, up to the first gap. */
    private static List<Entry> after(Position position, List<Entry> entries) {
        var after = new ArrayList<Entry>();
        for (Entry entry : entries) {
            if (entry.number() == position.number() + 1 + after.size()) {
                after.add(entry);
            }
        }
        return after;
    }

    LedgerState readAll(Deadline deadline) {
        Checkpoint checkpoint = checkpoint(deadline);
        var flags = new TreeMap<FlagKey, FlagState>();
        Map<String, AttributeValue> from = Map.of();
        do {
            QueryResponse page = table.page(StrongReads.after(LedgerTable.STATE, LedgerTable.FIRST, from), deadline);
            page.items().forEach(item -> flags.put(StateFormat.key(item), StateFormat.decode(item)));
            from = page.lastEvaluatedKey();
        } while (!from.isEmpty());
        List<Entry> tail = tail(checkpoint.position(), deadline);
        @Nullable Promotion promotion = checkpoint.promotion();
        for (Entry entry : tail) {
            for (Change change : Effects.changes(entry)) {
                flags.merge(
                        change.key(),
                        change.after(),
                        (known, after) -> after.version() > known.version() ? after : known);
            }
            promotion = Promotion.after(entry, promotion);
        }
        Position end = end(checkpoint, tail);
        for (FlagState state : flags.values()) {
            if (state.version() > end.number()) {
                // cannot be with strong consistency: what was in an item before the tail was read is in the tail
                throw new LedgerUnavailableException(
                        "the ledger showed version " + state.version() + " of a flag and then an end of the log at "
                                + end,
                        null);
            }
        }
        return new LedgerState(flags, end, promotion);
    }

    StateSample sample(List<FlagKey> flags, int more, Deadline deadline) {
        // before the items: what it covers is in them
        Position checkpoint = newestCheckpoint(deadline).position();
        var states = new TreeMap<FlagKey, FlagState>();
        String after = flags.isEmpty() ? LedgerTable.FIRST : flags.getFirst().value();
        table.page(StrongReads.after(LedgerTable.STATE, after, Map.of()).limit(more), deadline)
                .items()
                .forEach(item -> states.put(StateFormat.key(item), StateFormat.decode(item)));
        for (FlagKey key : flags) {
            var attributes = table.item(LedgerTable.stateKey(key), deadline);
            states.put(key, attributes.isEmpty() ? FlagState.ABSENT : StateFormat.decode(attributes));
        }
        return new StateSample(checkpoint, states);
    }

    /** The last promotion up to the ledger's end; null: there was none. */
    @Nullable
    Promotion lastPromotion(Deadline deadline) {
        Checkpoint checkpoint = checkpoint(deadline);
        @Nullable Promotion promotion = checkpoint.promotion();
        for (Entry entry : tail(checkpoint.position(), deadline)) {
            promotion = Promotion.after(entry, promotion);
        }
        return promotion;
    }

    /** The number of the newest entry that can be seen, without reading what it says. */
    Position end(Deadline deadline) {
        var query = StrongReads.before(LedgerTable.LOG, LAST, 1).projectionExpression("pk, sk");
        QueryResponse last = table.few(query, deadline);
        return last.items().isEmpty()
                ? Position.START
                : new Position(new Item(last.items().getFirst()).sortNumber());
    }

    private static Position end(Checkpoint checkpoint, List<Entry> tail) {
        return tail.isEmpty() ? checkpoint.position() : tail.getLast().position();
    }
}
