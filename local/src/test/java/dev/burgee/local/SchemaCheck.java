package dev.burgee.local;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The part of JSON Schema 2020-12 that {@code docs/openapi.yaml} uses, over trees as {@link dev.burgee.json.Json} makes
 * them. A keyword that is not known here fails the test instead of being passed over.
 */
final class SchemaCheck {
    private static final Set<String> SILENT =
            Set.of("description", "default", "example", "examples", "readOnly", "$schema", "title");

    private final Map<?, ?> root;

    /** @param root what {@code $ref}s point into */
    SchemaCheck(Map<?, ?> root) {
        this.root = root;
    }

    /** How the value breaks the schema, place by place; empty when it keeps it. */
    List<String> problems(String at, @Nullable Object schema, @Nullable Object value) {
        List<String> problems = new ArrayList<>();
        if (Boolean.FALSE.equals(schema)) {
            problems.add(at + " is not described");
        } else if (schema instanceof Map<?, ?> keywords) {
            keywords.forEach(
                    (keyword, rule) -> problems.addAll(problems(at, String.valueOf(keyword), rule, keywords, value)));
        } else if (!Boolean.TRUE.equals(schema)) {
            throw new AssertionError(at + " has no schema");
        }
        return problems;
    }

    private List<String> problems(
            String at, String keyword, @Nullable Object rule, Map<?, ?> schema, @Nullable Object value) {
        return switch (keyword) {
            case "$ref" -> problems(at, pointed(String.valueOf(rule)), value);
            case "type" -> hold(at, "is not " + rule, any(rule).anyMatch(type -> isA(String.valueOf(type), value)));
            case "enum" -> hold(at, "is none of " + rule, any(rule).anyMatch(each -> equal(each, value)));
            case "const" -> hold(at, "is not " + rule, equal(rule, value));
            case "format" -> hold(at, "is no " + rule, !(value instanceof String text) || isOf(rule, text));
            case "pattern" ->
                hold(
                        at,
                        "does not match " + rule,
                        !(value instanceof String text)
                                || Pattern.compile(String.valueOf(rule))
                                        .matcher(text)
                                        .find());
            case "minLength" -> hold(at, "is too short", !(value instanceof String s) || length(s) >= number(rule));
            case "maxLength" -> hold(at, "is too long", !(value instanceof String s) || length(s) <= number(rule));
            case "minimum" -> hold(at, "is below " + rule, !(value instanceof Number n) || compare(n, rule) >= 0);
            case "maximum" -> hold(at, "is above " + rule, !(value instanceof Number n) || compare(n, rule) <= 0);
            case "minProperties" ->
                hold(at, "has too few", !(value instanceof Map<?, ?> m) || m.size() >= number(rule));
            case "maxProperties" ->
                hold(at, "has too many", !(value instanceof Map<?, ?> m) || m.size() <= number(rule));
            case "required" ->
                hold(
                        at,
                        "lacks one of " + rule,
                        !(value instanceof Map<?, ?> m) || any(rule).allMatch(m::containsKey));
            case "dependentRequired" ->
                hold(
                        at,
                        "lacks one of " + rule,
                        !(value instanceof Map<?, ?> m) || isComplete(m, ApiDocument.map(rule)));
            case "anyOf" ->
                hold(
                        at,
                        "is like none",
                        any(rule).anyMatch(each -> problems(at, each, value).isEmpty()));
            case "oneOf" ->
                hold(
                        at,
                        "is not like exactly one: "
                                + any(rule)
                                        .map(each -> problems(at, each, value))
                                        .toList(),
                        any(rule)
                                        .filter(each ->
                                                problems(at, each, value).isEmpty())
                                        .count()
                                == 1);
            case "items" -> value instanceof List<?> items ? ofItems(at, rule, items) : List.of();
            case "properties" ->
                value instanceof Map<?, ?> members ? ofMembers(at, ApiDocument.map(rule), members) : List.of();
            case "propertyNames" ->
                value instanceof Map<?, ?> members ? ofItems(at, rule, members.keySet()) : List.of();
            case "additionalProperties" ->
                value instanceof Map<?, ?> members ? ofOthers(at, rule, schema.get("properties"), members) : List.of();
            default -> {
                if (!SILENT.contains(keyword)) {
                    throw new AssertionError(at + ": the keyword " + keyword + " is not checked here");
                }
                yield List.of();
            }
        };
    }

    private static List<String> hold(String at, String problem, boolean holds) {
        return holds ? List.of() : List.of(at + " " + problem);
    }

    private List<String> ofItems(String at, @Nullable Object rule, Collection<?> items) {
        List<String> problems = new ArrayList<>();
        items.forEach(item -> problems.addAll(problems(at + "/" + problems.size(), rule, item)));
        return problems;
    }

    private List<String> ofMembers(String at, Map<?, ?> rules, Map<?, ?> members) {
        List<String> problems = new ArrayList<>();
        rules.forEach((name, rule) -> {
            if (members.containsKey(name)) {
                problems.addAll(problems(at + "/" + name, rule, members.get(name)));
            }
        });
        return problems;
    }

    private List<String> ofOthers(String at, @Nullable Object rule, @Nullable Object named, Map<?, ?> members) {
        List<String> problems = new ArrayList<>();
        members.forEach((name, member) -> {
            if (!(named instanceof Map<?, ?> properties && properties.containsKey(name))) {
                problems.addAll(problems(at + "/" + name, rule, member));
            }
        });
        return problems;
    }

    /** What a local reference points to. */
    @Nullable
    Object pointed(String reference) {
        Object at = root;
        for (String step : reference.substring(2).split("/", -1)) {
            String name = step.replace("~1", "/").replace("~0", "~");
            if (!(at instanceof Map<?, ?> members && members.containsKey(name))) {
                throw new AssertionError(reference + " points to nothing");
            }
            at = members.get(name);
        }
        return at;
    }

    private static Stream<? extends @Nullable Object> any(@Nullable Object rule) {
        return rule instanceof List<?> list ? list.stream() : Stream.of(String.valueOf(rule));
    }

    private static boolean isComplete(Map<?, ?> value, Map<?, ?> rules) {
        return rules.entrySet().stream()
                .filter(rule -> value.containsKey(rule.getKey()))
                .allMatch(rule -> any(rule.getValue()).allMatch(value::containsKey));
    }

    private static boolean isA(String type, @Nullable Object value) {
        return switch (type) {
            case "null" -> value == null;
            case "object" -> value instanceof Map<?, ?>;
            case "array" -> value instanceof List<?>;
            case "string" -> value instanceof String;
            case "boolean" -> value instanceof Boolean;
            case "number" -> value instanceof Number;
            case "integer" ->
                value instanceof Number
                        && new BigDecimal(value.toString()).stripTrailingZeros().scale() <= 0;
            default -> throw new AssertionError("no type is called " + type);
        };
    }

    private static boolean equal(@Nullable Object one, @Nullable Object other) {
        return one == null ? other == null : one.equals(other);
    }

    private static boolean isOf(@Nullable Object format, String text) {
        switch (String.valueOf(format)) {
            case "date-time" -> {
                try {
                    return OffsetDateTime.parse(text).getYear() > 0;
                } catch (DateTimeException e) {
                    return false;
                }
            }
            case "int64" -> {
                return true; // of numbers
            }
            default -> throw new AssertionError("the format " + format + " is not checked here");
        }
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static int number(@Nullable Object rule) {
        return Integer.parseInt(String.valueOf(rule));
    }

    private static int compare(Number value, @Nullable Object rule) {
        return new BigDecimal(value.toString()).compareTo(new BigDecimal(String.valueOf(rule)));
    }
}
