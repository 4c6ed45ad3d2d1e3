package dev.burgee.failure;

/** A valid key without the scope that the route asks for. */
public final class ForbiddenException extends BurgeeException {
    private static final long serialVersionUID = 1L;

    public ForbiddenException(String message) {
        super(FailureKind.FORBIDDEN, message, null);
    }
}
