package dev.burgee.baseline;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A flag's document. */
public record Flag(
        String key,
        String state,
        Map<String, JsonNode> variants,
        @Nullable String defaultVariant,
        @Nullable JsonNode targeting,
        @Nullable Map<String, JsonNode> metadata,
        long version,
        String updatedAt,
        String updatedBy) {}
