package dev.burgee.ledger;

import java.util.List;

/** What an entry does to the state, by its kind. Pure. */
final class Effects {
    private Effects() {}

    /** The changes to flags: none for an invalidation, which is about copies, and none for a promotion. */
    static List<Change> changes(Entry entry) {
        return switch (entry.kind()) {
            case PUT, DELETE, IMPORT -> entry.changes();
            case INVALIDATE, PROMOTION -> List.of();
        };
    }
}
