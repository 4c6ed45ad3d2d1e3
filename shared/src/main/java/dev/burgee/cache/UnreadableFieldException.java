package dev.burgee.cache;

/** A field or an answer that this version of the code cannot read. The message never has the field's payload. */
final class UnreadableFieldException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableFieldException(String message) {
        super(message);
    }
}
