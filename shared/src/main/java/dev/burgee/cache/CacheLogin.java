package dev.burgee.cache;

import dev.burgee.failure.MisconfiguredException;
import dev.burgee.json.Json;
import dev.burgee.json.MalformedJsonException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A user of caches beside the topology's.
 *
 * @param username null: the server's default user
 */
public record CacheLogin(@Nullable String username, String password) {
    /**
     * Reads a secret, {@code {"username","password"}}.
     *
     * @throws MisconfiguredException when it is not that; without its content
     */
    public static CacheLogin parse(String text) {
        try {
            if (Json.parse(text) instanceof Map<?, ?> tree
                    && tree.get("password") instanceof String password
                    && !password.isEmpty()
                    && (tree.get("username") == null || tree.get("username") instanceof String)) {
                return new CacheLogin((String) tree.get("username"), password);
            }
        } catch (MalformedJsonException e) {
            throw new MisconfiguredException("replication secret", List.of(String.valueOf(e.getMessage())));
        }
        throw new MisconfiguredException(
                "replication secret", List.of("must be {\"username\",\"password\"}, both text, username optional"));
    }

    /** Never the password. */
    @Override
    public String toString() {
        return "CacheLogin[" + username + "]";
    }
}
