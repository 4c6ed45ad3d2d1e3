package dev.burgee.ledger;

import dev.burgee.flag.FlagKey;
import dev.burgee.time.Deadline;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The ordered log of all changes, and the state that follows from it. All reads are strongly consistent. Every call may
 * throw {@link LedgerUnavailableException} when no region of the ledger answered in time. Thread-safe.
 */
public interface Ledger {
    /** How an append ended. */
    enum Appended {
        /** The entry is in the log: nothing came between it and the state it was decided on. */
        DONE,
        /** It may or may not be: the number was taken, or no clear answer came. Look for its operation id, then decide again. */
        UNCLEAR
    }

    /**
     * Puts the entry on the condition that its number is free.
     *
     * @throws EntryTooLargeException when it does not fit into one item of the table (380,000 bytes, compressed)
     */
    Appended append(Entry entry, Deadline deadline);

    /** The entries after {@code position}, in order, at most {@code limit}; ends at the first gap. */
    List<Entry> entriesAfter(Position position, int limit, Deadline deadline);

    /** One flag at the ledger's end. */
    FlagReading read(FlagKey key, Deadline deadline);

    /** All flags at the ledger's end, tombstones included. */
    LedgerState readAll(Deadline deadline);

    /**
     * The entries that changed a flag (puts, deletes, imports), newest first.
     *
     * @param before only entries with smaller numbers; {@link Long#MAX_VALUE} to start
     * @param limit at most so many
     */
    List<Entry> history(FlagKey key, long before, int limit, Deadline deadline);

    /**
     * Claims an idempotency key, or finds the claim of an earlier try of it (at most a day old).
     *
     * @param at a position that the ledger surely has reached
     */
    Claim claim(String operationId, String fingerprint, Position at, Instant now, Deadline deadline);

    /**
     * Writes state items and history pointers for entries after the checkpoint, then advances it. Harmless when repeated,
     * concurrent or cut off at any step. Does at most one batch (100 entries); returns how many were left after it (0:
     * the checkpoint is at the ledger's end).
     */
    int materialise(Deadline deadline);

    /** The number of the newest entry, without reading what it says. */
    Position end(Deadline deadline);

    /** The last promotion up to the ledger's end; empty when there was none. */
    Optional<Promotion> lastPromotion(Deadline deadline);

    /**
     * Some state items: those of the given flags, and the first so many after the first of these, by key. Without any given,
     * the first so many of all.
     */
    StateSample sample(List<FlagKey> flags, int more, Deadline deadline);

    /** Puts a region's view in place of its last one, unless that is newer. */
    void leave(RegionView view, Deadline deadline);

    /** The last view of each region that ever left one, by region; who reads them judges their age. */
    List<RegionView> views(Deadline deadline);
}
