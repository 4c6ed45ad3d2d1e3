package dev.burgee.failure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Nothing that could answer did so in time; the caller may try again. */
public final class UnavailableException extends BurgeeException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    public UnavailableException(String message, Duration retryAfter, @Nullable Throwable cause) {
        super(FailureKind.UNAVAILABLE, message, cause);
        this.retryAfter = retryAfter;
    }

    /** Whole seconds, at least one. */
    public long retryAfterSeconds() {
        return Math.max(1, retryAfter.plusMillis(999).toSeconds());
    }
}
