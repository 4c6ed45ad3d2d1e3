package dev.burgee.ledger;

/** An entry that one item of the table cannot hold. */
public final class EntryTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public EntryTooLargeException(String message) {
        super(message);
    }
}
