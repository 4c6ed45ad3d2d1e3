package dev.burgee.ledger;

import dev.burgee.region.Region;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    /** The home region after the entry, given the one before. */
    static @Nullable Region home(Entry entry, @Nullable Region before) {
        return entry.kind() == Entry.Kind.PROMOTION && entry.home() != null ? entry.home() : before;
    }
}
