package dev.burgee.failover;

/** An AWS API asks to be left alone for a moment: throttling, {@code PriorRequestNotComplete}, or an error of its own. */
final class AwsBusyException extends AwsFailureException {
    private static final long serialVersionUID = 1L;

    AwsBusyException(String message, Throwable cause) {
        super(message, cause);
    }
}
