package dev.burgee.tier;

/** Something was not asked at all: it failed lately and its breaker is open, or too little time is left for it. */
public final class NotAskedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NotAskedException(String message) {
        super(message);
    }
}
