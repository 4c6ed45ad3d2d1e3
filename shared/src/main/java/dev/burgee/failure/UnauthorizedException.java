package dev.burgee.failure;

/** No key, or one that is not known. The message never says which keys exist. */
public final class UnauthorizedException extends BurgeeException {
    private static final long serialVersionUID = 1L;

    public UnauthorizedException(String message) {
        super(FailureKind.UNAUTHORIZED, message, null);
    }
}
