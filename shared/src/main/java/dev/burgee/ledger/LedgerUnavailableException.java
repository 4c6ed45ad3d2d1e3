package dev.burgee.ledger;

import org.jspecify.annotations.Nullable;

/** No region of the ledger answered in time; what was asked of it may still happen. */
public final class LedgerUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LedgerUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
