package dev.burgee.json;

/** A text that is not acceptable JSON. The message continues a sentence that starts with the text's name. */
public final class MalformedJsonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedJsonException(String message) {
        super(message);
    }

    public String problem() {
        return String.valueOf(getMessage());
    }
}
