package dev.burgee.catchup;

import dev.burgee.ledger.Position;

/** How bringing a cache to the ledger's end went. */
public sealed interface CaughtUp {
    /**
     * The cache has reached what was the end, and says so ({@code #checked}).
     *
     * @param applied how many entries it was given
     * @param loaded whether it was loaded whole
     */
    record AtTheEnd(Position position, long applied, boolean loaded) implements CaughtUp {}

    /**
     * The cache shows more than the ledger has: the table was restored to an earlier point, or is another one. Nothing was
     * done, least of all a confirmation: a person must decide which of the two is right.
     */
    record Beyond(Position position, Position end) implements CaughtUp {}
}
