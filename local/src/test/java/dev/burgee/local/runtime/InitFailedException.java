package dev.burgee.local.runtime;

/** A function's JVM ended, or told of an error, before it took an event. The message has what it told. */
public final class InitFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InitFailedException(String message) {
        super(message);
    }
}
