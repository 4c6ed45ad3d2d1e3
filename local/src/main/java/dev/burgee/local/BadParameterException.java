package dev.burgee.local;

/** A control call has a parameter that breaks its rule. */
final class BadParameterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadParameterException(String message) {
        super(message);
    }
}
