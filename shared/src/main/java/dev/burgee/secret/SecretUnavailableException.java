package dev.burgee.secret;

import org.jspecify.annotations.Nullable;

/** A secret that could not be fetched. The message never has any of its content. */
public final class SecretUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SecretUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
