package dev.burgee.failover;

import org.jspecify.annotations.Nullable;

/** An AWS API refused, did not answer in time, or answered what cannot be understood. The message names API and reason. */
class AwsFailureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AwsFailureException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
