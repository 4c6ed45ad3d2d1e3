package dev.burgee.flag;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON Merge Patch (RFC 7396). Pure. */
public final class MergePatch {
    private MergePatch() {}

    /** The target with the patch applied; neither is changed. */
    public static @Nullable Object apply(@Nullable Object target, @Nullable Object patch) {
        if (!(patch instanceof Map<?, ?> changes)) {
            return patch;
        }
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        if (target instanceof Map<?, ?> members) {
            members.forEach((name, value) -> result.put(String.valueOf(name), value));
        }
        changes.forEach((name, value) -> {
            String member = String.valueOf(name);
            if (value == null) {
                result.remove(member);
            } else {
                result.put(member, apply(result.get(member), value));
            }
        });
        return result;
    }
}
