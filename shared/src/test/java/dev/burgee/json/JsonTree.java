package dev.burgee.json;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A JSON object as tests look into it: what is missing or of another type fails the test by its name. */
public record JsonTree(Map<String, @Nullable Object> members) {
    public static JsonTree of(String json) {
        return tree(json, Json.parse(json));
    }

    public boolean has(String name) {
        return members.containsKey(name);
    }

    public Set<String> names() {
        return members.keySet();
    }

    public String text(String name) {
        return (String) value(name);
    }

    public long number(String name) {
        return ((Number) value(name)).longValue();
    }

    public double decimal(String name) {
        return ((Number) value(name)).doubleValue();
    }

    public boolean bool(String name) {
        return (Boolean) value(name);
    }

    public JsonTree object(String name) {
        return tree(name, value(name));
    }

    public List<JsonTree> objects(String name) {
        return list(name).stream().map(item -> tree(name, item)).toList();
    }

    public List<Object> list(String name) {
        return ((List<?>) value(name))
                .stream()
                        .map(item -> Objects.<Object>requireNonNull(item, name))
                        .toList();
    }

    /** All members as texts. */
    public Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        members.keySet().forEach(name -> texts.put(name, text(name)));
        return texts;
    }

    public Object value(String name) {
        return Objects.requireNonNull(members.get(name), () -> name + " is missing in " + members.keySet());
    }

    private static JsonTree tree(String what, @Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new AssertionError(what + " is not an object");
        }
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        map.forEach((name, member) -> members.put((String) Objects.requireNonNull(name), member));
        return new JsonTree(members);
    }
}
