package dev.burgee.failure;

/** The request collides with the present state: 412 when a precondition failed, else 409. */
public final class ConflictException extends BurgeeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    private ConflictException(int status, String message) {
        super(FailureKind.CONFLICT, message, null);
        this.status = status;
    }

    public static ConflictException preconditionFailed(String message) {
        return new ConflictException(412, message);
    }

    public static ConflictException conflict(String message) {
        return new ConflictException(409, message);
    }

    @Override
    public int status() {
        return status;
    }
}
