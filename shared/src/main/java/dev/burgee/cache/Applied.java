package dev.burgee.cache;

import dev.burgee.ledger.Position;

/** How an apply ended. */
public sealed interface Applied {
    /** The cache has reached at least the last entry given. */
    record Reached(Position position) implements Applied {}

    /** The cache is at a position before the first entry given less one: apply those between first. */
    record Gap(Position position) implements Applied {}

    /** The cache shows no position: it must be loaded. */
    record Empty() implements Applied {}
}
