package dev.burgee.write;

import dev.burgee.flag.FlagDefinition;
import dev.burgee.flag.FlagKey;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What a caller wants done; checked as far as that is possible without knowing the present state. */
sealed interface Command {
    /** A command about one flag. */
    sealed interface OnOneFlag extends Command {
        FlagKey key();
    }

    /** Create or replace. */
    record Put(FlagKey key, FlagDefinition definition) implements OnOneFlag {}

    /**
     * Merge into what is there (RFC 7396).
     *
     * @param patch an object
     */
    record Patch(FlagKey key, Map<String, @Nullable Object> patch) implements OnOneFlag {}

    record Delete(FlagKey key) implements OnOneFlag {}

    /** A new version with the content of an old one. */
    record Revert(FlagKey key, FlagDefinition definition) implements OnOneFlag {}

    /** Drop the cached copies everywhere. */
    record Invalidate(FlagKey key) implements OnOneFlag {}

    /**
     * Many flags in one entry.
     *
     * @param replace whether flags that are not named are deleted
     */
    record Import(SortedMap<FlagKey, FlagDefinition> definitions, boolean replace) implements Command {}
}
