package dev.burgee.cache;

import org.jspecify.annotations.Nullable;

/** A cache that did not answer, or not usefully: unreachable, hung, loading, or not what it should be. */
public class CacheUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CacheUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
