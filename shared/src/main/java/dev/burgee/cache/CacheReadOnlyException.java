package dev.burgee.cache;

/** A cache that refuses writes: it is a replica, so the home is elsewhere. */
public final class CacheReadOnlyException extends CacheUnavailableException {
    private static final long serialVersionUID = 1L;

    public CacheReadOnlyException(String message, Throwable cause) {
        super(message, cause);
    }
}
