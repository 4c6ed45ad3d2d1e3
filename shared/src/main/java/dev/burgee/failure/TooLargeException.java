package dev.burgee.failure;

/** A body, document or import beyond its limit. */
public final class TooLargeException extends BurgeeException {
    private static final long serialVersionUID = 1L;

    public TooLargeException(String message) {
        super(FailureKind.TOO_LARGE, message, null);
    }
}
