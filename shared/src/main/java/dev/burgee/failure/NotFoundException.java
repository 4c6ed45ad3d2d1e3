package dev.burgee.failure;

/** The flag, version or route does not exist. */
public final class NotFoundException extends BurgeeException {
    private static final long serialVersionUID = 1L;

    public NotFoundException(String message) {
        super(FailureKind.NOT_FOUND, message, null);
    }
}
