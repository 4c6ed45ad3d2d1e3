package dev.burgee.read;

import dev.burgee.ledger.Position;

/**
 * Something that was read, and how far it can be trusted.
 *
 * @param position the state after this entry is what the value shows
 * @param known when it was last known to be current
 */
record Copy<T>(T value, Position position, Proof known) {
    /** The same, known to be current a little further and later. */
    Copy<T> at(Position newer, Proof later) {
        return new Copy<>(value, Position.max(position, newer), known.nanos() - later.nanos() > 0 ? known : later);
    }
}
