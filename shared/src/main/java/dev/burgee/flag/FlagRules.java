package dev.burgee.flag;

import dev.burgee.failure.Violation;
import dev.burgee.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rules of a flag document: finds every problem at once, each with its JSON Pointer. Pure. */
public final class FlagRules {
    /** Bytes of the definition as JSON without white space, in UTF-8. */
    public static final int DOCUMENT_BYTES_MAX = 64 * 1024;

    public static final int VARIANTS_MAX = 100;

    /** Levels of objects and arrays in a document: two less than a text may have, so that a file of flags can hold it. */
    public static final int DEPTH_MAX = Json.DEPTH_MAX - 2;

    private static final List<String> DEFINITION =
            List.of("state", "variants", "defaultVariant", "targeting", "metadata");

    /** What the service adds to a document: accepted, so that a document that was read can be sent back, and ignored. */
    private static final Set<String> READ_ONLY = Set.of("version", "updatedAt", "updatedBy");

    private final String at;
    private final List<Violation> violations = new ArrayList<>();

    private FlagRules(String at) {
        this.at = at;
    }

    /** The outcome of a check. */
    public sealed interface Checked {}

    /** Fit to be stored. */
    public record Valid(FlagDefinition definition) implements Checked {}

    /**
     * At least one problem.
     *
     * @param tooLarge whether the only problem is the size
     */
    public record Invalid(List<Violation> violations, boolean tooLarge) implements Checked {
        String places() {
            return violations.stream().map(Violation::pointer).collect(Collectors.joining(", "));
        }
    }

    /**
     * Checks a document.
     *
     * @param tree as {@link Json#parse} gives it
     * @param at the JSON Pointer of the document in its text; empty for the whole
     */
    public static Checked check(FlagKey key, @Nullable Object tree, String at) {
        return new FlagRules(at).check(key, tree);
    }

    private Checked check(FlagKey key, @Nullable Object tree) {
        if (!(tree instanceof Map<?, ?> document)) {
            broken("", "is " + typeOf(tree) + ", but a flag must be an object");
            return new Invalid(violations, false);
        }
        for (Object member : document.keySet()) {
            String name = String.valueOf(member);
            if (!DEFINITION.contains(name) && !READ_ONLY.contains(name) && !name.equals("key")) {
                broken("/" + escaped(name), "is not a member of a flag; there are " + String.join(", ", DEFINITION));
            }
        }
        if (document.containsKey("key") && !key.value().equals(document.get("key"))) {
            broken("/key", "must be left out or be the key of the request, " + key);
        }
        int depth = depth(document);
        if (depth > DEPTH_MAX) {
            broken("", "nests " + depth + " levels deep, but a flag may nest " + DEPTH_MAX);
        }
        boolean enabled = checkState(document.get("state"));
        Map<String, @Nullable Object> variants = checkVariants(document.get("variants"));
        String defaultVariant = checkDefaultVariant(document.get("defaultVariant"), variants);
        Map<String, @Nullable Object> targeting = object("/targeting", document, "targeting");
        Map<String, @Nullable Object> metadata = object("/metadata", document, "metadata");
        metadata.forEach((name, value) -> {
            if (!(value instanceof String || value instanceof Number || value instanceof Boolean)) {
                broken(
                        "/metadata/" + escaped(name),
                        "is " + typeOf(value) + ", but must be a string, a number or a boolean");
            }
        });
        if (!violations.isEmpty()) {
            return new Invalid(List.copyOf(violations), false);
        }
        FlagDefinition definition = new FlagDefinition(enabled, variants, defaultVariant, targeting, metadata);
        int bytes = Json.write(definition.tree()).getBytes(StandardCharsets.UTF_8).length;
        if (bytes > DOCUMENT_BYTES_MAX) {
            broken("", "has " + bytes + " bytes as JSON without white space, at most " + DOCUMENT_BYTES_MAX);
            return new Invalid(List.copyOf(violations), true);
        }
        return new Valid(definition);
    }

    private boolean checkState(@Nullable Object state) {
        if (!"ENABLED".equals(state) && !"DISABLED".equals(state)) {
            broken("/state", "is " + shown(state) + ", but must be \"ENABLED\" or \"DISABLED\"");
        }
        return "ENABLED".equals(state);
    }

    private Map<String, @Nullable Object> checkVariants(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            broken(
                    "/variants",
                    "is " + typeOf(value) + ", but must be an object of 1 to " + VARIANTS_MAX + " variants");
            return Map.of();
        }
        Map<String, @Nullable Object> variants = members(map);
        if (variants.isEmpty() || variants.size() > VARIANTS_MAX) {
            broken("/variants", "has " + variants.size() + " variants, but must have 1 to " + VARIANTS_MAX);
        }
        String first = null;
        for (var variant : variants.entrySet()) {
            String type = typeOf(variant.getValue());
            String pointer = "/variants/" + escaped(variant.getKey());
            if (variant.getKey().isEmpty()) {
                broken(pointer, "has an empty name, but a variant's name must have at least one character");
            }
            if (variant.getValue() == null || variant.getValue() instanceof List<?>) {
                broken(pointer, "is " + type + ", but must be a boolean, a string, a number or an object");
            } else if (first == null) {
                first = type;
            } else if (!first.equals(type)) {
                broken(pointer, "is " + type + ", but the first variant is " + first + " and all must be of one type");
            }
        }
        return variants;
    }

    private @Nullable String checkDefaultVariant(@Nullable Object value, Map<String, @Nullable Object> variants) {
        if (value == null) {
            return null;
        }
        if (!(value instanceof String name)) {
            broken("/defaultVariant", "is " + typeOf(value) + ", but must be the name of a variant or null");
            return null;
        }
        if (!variants.containsKey(name)) {
            broken("/defaultVariant", "is " + shown(name) + ", but must name one of the variants or be null");
        }
        return name;
    }

    /** An object member that may be left out. */
    private Map<String, @Nullable Object> object(String pointer, Map<?, ?> document, String name) {
        Object value = document.get(name);
        if (value instanceof Map<?, ?> map) {
            return members(map);
        }
        if (document.containsKey(name)) {
            broken(pointer, "is " + typeOf(value) + ", but must be an object");
        }
        return Map.of();
    }

    @SuppressWarnings("unchecked") // the JSON reader makes no other keys
    private static Map<String, @Nullable Object> members(Map<?, ?> map) {
        return (Map<String, @Nullable Object>) map;
    }

    private static int depth(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> 1 + deepest(map.values());
            case List<?> list -> 1 + deepest(list);
            case null, default -> 0;
        };
    }

    private static int deepest(Collection<?> values) {
        int deepest = 0;
        for (Object value : values) {
            deepest = Math.max(deepest, depth(value));
        }
        return deepest;
    }

    private void broken(String pointer, String message) {
        violations.add(new Violation(at + pointer, message));
    }

    /** A name as one step of a JSON Pointer (RFC 6901), shortened: a caller may send anything as a name. */
    public static String escaped(String name) {
        String shortened = name.length() > 128 ? name.substring(0, 128) + "…" : name;
        return shortened.replace("~", "~0").replace("/", "~1");
    }

    private static String shown(@Nullable Object value) {
        if (value instanceof String text) {
            return "\"" + (text.length() > 40 ? text.substring(0, 40) + "…" : text) + "\"";
        }
        return typeOf(value);
    }

    private static String typeOf(@Nullable Object value) {
        return switch (value) {
            case null -> "missing or null";
            case Map<?, ?> _ -> "an object";
            case List<?> _ -> "an array";
            case String _ -> "a string";
            case Boolean _ -> "a boolean";
            case Number _ -> "a number";
            default -> throw new IllegalArgumentException("no JSON value is a " + value.getClass());
        };
    }
}
