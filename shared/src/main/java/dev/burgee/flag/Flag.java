package dev.burgee.flag;

import dev.burgee.json.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One version of a flag: the definition and what the service adds.
 *
 * @param version the number of the ledger entry that made it
 * @param updatedAt to the second
 * @param updatedBy the name of the key that asked for it
 */
public record Flag(FlagKey key, FlagDefinition definition, long version, Instant updatedAt, String updatedBy) {
    public Flag {
        updatedAt = updatedAt.truncatedTo(ChronoUnit.SECONDS);
    }

    /** The document as it is stored and served, without white space. */
    public String json() {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("key", key.value());
        tree.putAll(definition.tree());
        tree.put("version", version);
        tree.put("updatedAt", updatedAt.toString());
        tree.put("updatedBy", updatedBy);
        return Json.write(tree);
    }

    public FlagState.Live live() {
        return new FlagState.Live(version, json());
    }

    /**
     * The definition inside a stored document.
     *
     * @throws IllegalStateException when the text is not one that {@link #json} wrote
     */
    public static FlagDefinition definitionOf(FlagKey key, String json) {
        return switch (FlagRules.check(key, Json.parse(json), "")) {
            case FlagRules.Valid valid -> valid.definition();
            case FlagRules.Invalid invalid ->
                throw new IllegalStateException(
                        "the stored document of flag " + key + " breaks the rules at " + invalid.places());
        };
    }
}
