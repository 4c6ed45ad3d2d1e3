package dev.burgee.local;

import org.jspecify.annotations.Nullable;

/** The flags to begin with could not be read or imported. */
final class SeedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SeedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
