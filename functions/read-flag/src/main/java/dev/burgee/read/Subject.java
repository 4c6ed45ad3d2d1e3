package dev.burgee.read;

import dev.burgee.cache.FlagCache;
import dev.burgee.ledger.Position;
import dev.burgee.time.Deadline;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is being read: one flag, or all of them. The tiers and their rules are the same ({@link TieredRead}). */
interface Subject<T> {
    /** How many times the limit of a whole read it may take: more than one for what is many round trips. */
    int patience();

    /** Whether it is so little that two tiers may be asked for it at once. */
    boolean isSmall();

    /** What memory has and can vouch for as of its own last proof. */
    Optional<Copy<T>> proven();

    /** What memory has, vouched for or not. */
    Optional<Copy<T>> lastKnown();

    /** Asks a cache, in one round trip. */
    Shown<T> ask(FlagCache cache);

    /** Keeps what a believed cache showed for the next reads. */
    void remember(Shown<T> shown, Position position, Proof asked);

    /**
     * Asks the ledger, and keeps what it said.
     *
     * @param shown a cache's answer with markers, when that is why the ledger is asked; null: ask for everything
     */
    Resolved<T> askLedger(@Nullable Shown<T> shown, Proof asked, Deadline deadline);
}
