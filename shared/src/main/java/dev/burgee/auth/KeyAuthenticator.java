package dev.burgee.auth;

import dev.burgee.failure.ForbiddenException;
import dev.burgee.failure.UnauthorizedException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Callers by their keys: {@code Authorization: Bearer <key>}, or else {@code X-API-Key: <key>}. Thread-safe. */
public final class KeyAuthenticator implements Authenticator {
    private static final String BEARER = "bearer ";

    private final Supplier<KeyRing> keys;
    private final boolean openReads;

    /**
     * @param keys asked once per request that needs a key; may throw {@link dev.burgee.failure.UnavailableException}
     * @param openReads whether everybody may read, key or not
     */
    public KeyAuthenticator(Supplier<KeyRing> keys, boolean openReads) {
        this.keys = keys;
        this.openReads = openReads;
    }

    @Override
    public Principal authenticate(Map<String, String> headers, Scope needed) {
        if (openReads && Scope.READ.includes(needed)) {
            return Principal.anonymous(Scope.READ);
        }
        String key = key(headers);
        if (key == null) {
            throw new UnauthorizedException("no key: send Authorization: Bearer <key>, or X-API-Key: <key>");
        }
        Optional<Principal> owner = keys.get().owner(key);
        if (owner.isEmpty()) {
            throw new UnauthorizedException("the key is not known; it may have been rotated out");
        }
        if (!owner.get().scope().includes(needed)) {
            throw new ForbiddenException("the key \"" + owner.get().name() + "\" has the scope "
                    + owner.get().scope().text() + ", but this needs " + needed.text());
        }
        return owner.get();
    }

    private static @Nullable String key(Map<String, String> headers) {
        String authorization = headers.get("authorization");
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return notBlank(authorization.substring(BEARER.length()));
        }
        return notBlank(headers.get("x-api-key"));
    }

    private static @Nullable String notBlank(@Nullable String key) {
        return key == null || key.isBlank() ? null : key.strip();
    }
}
