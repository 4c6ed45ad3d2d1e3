package dev.burgee.local.drill;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What callers have been promised, by flag. Immutable. */
final class Acknowledged {
    private final Map<String, List<WriteSeen>> byFlag = new HashMap<>();

    Acknowledged(List<WriteSeen> writes) {
        writes.stream()
                .filter(WriteSeen::isAcknowledged)
                .forEach(write -> byFlag.computeIfAbsent(write.write().flag(), _ -> new ArrayList<>())
                        .add(write));
    }

    /** The newest version that was acknowledged at a time; 0: none. */
    long versionAt(String flag, long atMs) {
        return of(flag).stream()
                .filter(write -> write.endMs() <= atMs)
                .mapToLong(WriteSeen::version)
                .max()
                .orElse(0);
    }

    /** The newest version in the state at a position, as far as it was acknowledged; 0: none. */
    long versionIn(String flag, long position) {
        return of(flag).stream()
                .mapToLong(WriteSeen::version)
                .filter(version -> version <= position)
                .max()
                .orElse(0);
    }

    /** When it was first acknowledged that there is something newer than a version. */
    OptionalLong newerThan(String flag, long version) {
        return of(flag).stream()
                .filter(write -> write.version() > version)
                .mapToLong(WriteSeen::endMs)
                .min();
    }

    private List<WriteSeen> of(String flag) {
        return byFlag.getOrDefault(flag, List.of());
    }
}
