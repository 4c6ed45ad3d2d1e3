package dev.burgee.read;

import dev.burgee.flag.FlagKey;
import dev.burgee.flag.FlagState;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All flags at one position, tombstones included, and the list made of them. Thread-safe; the flags never change. */
final class Snapshot {
    private final SortedMap<FlagKey, FlagState> flags;
    private final long newestVersion;
    private volatile @Nullable FlagPage whole;

    Snapshot(SortedMap<FlagKey, FlagState> flags) {
        this.flags = Collections.unmodifiableSortedMap(flags);
        this.newestVersion =
                flags.values().stream().mapToLong(FlagState::version).max().orElse(0);
    }

    SortedMap<FlagKey, FlagState> flags() {
        return flags;
    }

    /** The newest version among all flags, deleted ones included: what a list's ETag shows. */
    long newestVersion() {
        return newestVersion;
    }

    Snapshot with(SortedMap<FlagKey, FlagState> changed) {
        SortedMap<FlagKey, FlagState> next = new TreeMap<>(flags);
        next.putAll(changed);
        return new Snapshot(next);
    }

    /** The list without bounds; made once. */
    FlagPage whole() {
        FlagPage page = whole;
        if (page == null) {
            page = FlagPage.of(flags, null, Integer.MAX_VALUE);
            whole = page;
        }
        return page;
    }
}
