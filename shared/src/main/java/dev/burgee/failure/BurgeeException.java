package dev.burgee.failure;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The root of all failures that have a meaning outside. Messages name the fault, the value and the limit or the fix, and
 * never carry a secret or a flag's payload.
 */
public abstract class BurgeeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final FailureKind kind;

    protected BurgeeException(FailureKind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public final FailureKind kind() {
        return kind;
    }

    /** The text without the null that {@link Throwable#getMessage} may give. */
    public final String text() {
        String message = getMessage();
        return message == null ? kind.title() : message;
    }

    public int status() {
        return kind.status();
    }

    /** What is wrong, place by place; empty when the message says it all. */
    public List<Violation> violations() {
        return List.of();
    }
}
