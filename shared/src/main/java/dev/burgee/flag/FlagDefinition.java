package dev.burgee.flag;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller decides about a flag: a flagd flag definition. Made only by {@link FlagRules}, so always valid.
 * Immutable, its trees too.
 *
 * @param variants name to value, 1 to 100, values all of one JSON type
 * @param defaultVariant the name of one of them; null: the caller's code default
 * @param targeting a JsonLogic rule as flagd reads it, kept as it is; empty: none
 * @param metadata name to string, number or boolean
 */
public record FlagDefinition(
        boolean enabled,
        Map<String, @Nullable Object> variants,
        @Nullable String defaultVariant,
        Map<String, @Nullable Object> targeting,
        Map<String, @Nullable Object> metadata) {

    public FlagDefinition {
        variants = frozen(variants);
        targeting = frozen(targeting);
        metadata = frozen(metadata);
    }

    /** The flagd form: the five members in a fixed order, so that equal definitions have equal texts. */
    public Map<String, @Nullable Object> tree() {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("state", enabled ? "ENABLED" : "DISABLED");
        tree.put("variants", variants);
        tree.put("defaultVariant", defaultVariant);
        tree.put("targeting", targeting);
        tree.put("metadata", metadata);
        return tree;
    }

    private static Map<String, @Nullable Object> frozen(Map<String, @Nullable Object> map) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((name, value) -> copy.put(name, frozenValue(value)));
        return Collections.unmodifiableMap(copy);
    }

    private static @Nullable Object frozenValue(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> copy = new LinkedHashMap<>();
                map.forEach((name, member) -> copy.put(String.valueOf(name), frozenValue(member)));
                yield Collections.unmodifiableMap(copy);
            }
            case List<?> list -> {
                List<@Nullable Object> copy = new ArrayList<>();
                list.forEach(item -> copy.add(frozenValue(item)));
                yield Collections.unmodifiableList(copy);
            }
            case null, default -> value;
        };
    }
}
