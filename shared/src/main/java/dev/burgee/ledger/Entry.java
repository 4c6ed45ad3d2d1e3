package dev.burgee.ledger;

import dev.burgee.region.Region;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the log; never changes once appended.
 *
 * @param number 1, 2, 3 … without gaps
 * @param changes by flag; one for put, delete and invalidate, any number for import, none for promotion
 * @param actor the name of the key that asked for it
 * @param at when the writer decided, by its own clock, to the millisecond
 * @param requestRegion where the request arrived
 * @param operationId unique to the request; repeats of a request share it
 * @param home the region that a promotion names; null for all other kinds
 */
public record Entry(
        long number,
        Kind kind,
        List<Change> changes,
        String actor,
        Instant at,
        Region requestRegion,
        String operationId,
        @Nullable Region home) {

    /** What an entry does. The text form is what the table stores. */
    public enum Kind {
        PUT("put"),
        DELETE("delete"),
        INVALIDATE("invalidate"),
        IMPORT("import"),
        PROMOTION("promotion");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /** At most this many flags change in one entry: what one apply and one round of materialising may cost. */
    public static final int CHANGES_MAX = 1_000;

    public Entry {
        if (number < 1) {
            throw new IllegalArgumentException("entry number is " + number + ", but must be 1 or more");
        }
        if (changes.size() > CHANGES_MAX) {
            throw new IllegalArgumentException("entry has " + changes.size() + " changes, at most " + CHANGES_MAX);
        }
        changes = List.copyOf(changes);
    }

    public Position position() {
        return new Position(number);
    }
}
